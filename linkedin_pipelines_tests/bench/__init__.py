"""What things cost, each as a ratio to a floor that does only the unavoidable, measured in turns in the same run.

`make bench` prints the table and writes JSON. Ratios of processor time hold on any machine and beside other work; wall
time is printed beside them and judged by nobody.
"""
