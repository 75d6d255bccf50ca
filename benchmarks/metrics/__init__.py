"""The metrics of simultaneous speech translation: latency, steadiness and quality.

Each formula stands beside its paper, and agrees with the public scorers on the examples in
`tests/benchmarks/data`. What scores one utterance (AL, LAAL, DAL, AP, ATD) is
`live_translator.latency`, which the program's own report uses.
"""
