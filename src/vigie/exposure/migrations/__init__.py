"""Migrations of the domain."""
