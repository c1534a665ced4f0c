// Fills one table from rows that are given as a value; the columns stand in the table's order.
COPY {{table}} FROM $rows;
