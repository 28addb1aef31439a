"""Write the results of the reference run to ``reference_run.json``; run after a change that is meant to move them."""

from __future__ import annotations

import json

from reference import PINNED, reference_values

if __name__ == "__main__":
    PINNED.write_text(json.dumps(reference_values(), indent=1) + "\n", encoding="utf-8")
    print(f"wrote {PINNED}")
