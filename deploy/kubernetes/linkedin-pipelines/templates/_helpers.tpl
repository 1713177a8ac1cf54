{{- define "linkedin.labels" -}}
app.kubernetes.io/name: linkedin-pipelines
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- end }}

{{- define "linkedin.selector" -}}
app.kubernetes.io/name: linkedin-pipelines
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "linkedin.image" -}}
{{ .Values.image.repository }}:{{ .Values.image.tag }}
{{- end }}

{{- define "linkedin.podSecurityContext" -}}
runAsNonRoot: true
runAsUser: 10001
runAsGroup: 10001
fsGroup: 10001
seccompProfile:
  type: RuntimeDefault
{{- end }}

{{- define "linkedin.securityContext" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop:
    - ALL
{{- end }}

{{- define "linkedin.env" -}}
- name: LINKEDIN_HOME
  value: /srv/linkedin/home # a folder of the volume: what the volume itself is mounted with is not ours to close
- name: LINKEDIN_LOG_FORMAT
  value: json
{{- end }}
