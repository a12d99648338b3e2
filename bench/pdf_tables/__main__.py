"""python -m bench.pdf_tables: the measure of tables in PDFs by itself, by kind of table and by layout."""

from bench.pdf_tables.run import run
from bench.table import render

print(render([run()]))
