"""Splink at work, as one process:  python -m tests.bench.linkage.peer MODEL PAIRS_FOR_U OUT FILE...

It reads, learns, scores, clusters at its default probability and writes what `sijill link` writes.
"""

import sys
from importlib import import_module
from pathlib import Path

import duckdb
from splink import DuckDBAPI, Linker

from tests.bench.linkage.registrations import rules

THRESHOLD, KEPT, SEED = 0.95, 0.01, 7


def linked(model: str, pairs_for_u: float, out: Path, files: list[Path]) -> None:
    """model: a module of this folder with settings(), SURE, RECALL and TRAINING."""
    told = import_module(f"tests.bench.linkage.{model}")
    connection = duckdb.connect()
    api = DuckDBAPI(connection)
    linker = Linker([api.register(_table(connection, file)) for file in files], told.settings(), log_level=None)
    linker.training.estimate_probability_two_random_records_match([*rules(told.SURE)], recall=told.RECALL)
    linker.training.estimate_u_using_random_sampling(max_pairs=pairs_for_u, seed=SEED)
    for rule in rules(told.TRAINING):
        linker.training.estimate_parameters_using_expectation_maximisation(rule, estimate_without_term_frequencies=True)
    pairs = linker.inference.predict(threshold_match_probability=KEPT)
    clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(pairs, THRESHOLD)
    out.mkdir(parents=True, exist_ok=True)
    connection.execute(
        f"""COPY (SELECT unique_id_l AS record_id_l, unique_id_r AS record_id_r, match_weight AS bits,
            match_probability AS probability FROM {pairs.physical_name}) TO '{out / "pairs.parquet"}'"""
    )
    connection.execute(
        f"""COPY (SELECT unique_id AS record_id, cluster_id FROM {clusters.physical_name})
            TO '{out / "clusters.csv"}' (HEADER)"""
    )
    linker.misc.save_model_to_json(str(out / "model.json"), overwrite=True)


def _table(connection: duckdb.DuckDBPyConnection, file: Path) -> str:
    """The file in memory, as a table of its name."""
    name = f"of_{file.stem}"
    connection.execute(f"""CREATE TABLE "{name}" AS FROM read_parquet('{file}')""")
    return name


if __name__ == "__main__":
    linked(sys.argv[1], float(sys.argv[2]), Path(sys.argv[3]), [Path(name) for name in sys.argv[4:]])
