"""Writes the messages beside every broken policy in `snapshots`; run it, then read what changed."""

from pathlib import Path

from vigie.policy import PolicyInvalid, parse_policy

if __name__ == "__main__":
    for path in sorted((Path(__file__).parent / "snapshots").glob("*.yaml")):
        try:
            parse_policy(path.read_text(encoding="utf-8"), source_name="policy.yaml")
        except PolicyInvalid as refused:
            path.with_suffix(".txt").write_text(refused.render(), encoding="utf-8")
        else:
            raise SystemExit(f"{path.name} is a good policy: it belongs elsewhere.")
