"""How fast is it, and compared with what? `make bench` runs it; docs/benchmarks.md explains it and has the results."""
