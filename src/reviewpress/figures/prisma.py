"""The PRISMA 2020 flow diagram, from the table that the PRISMA2020 R package reads."""
