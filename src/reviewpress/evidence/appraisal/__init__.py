"""Appraisal: forms as data, their routes, and what the answers amount to."""
