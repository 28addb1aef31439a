"""Write the results of the pinned runs to their files; run after a change that is meant to move them."""

from __future__ import annotations

import json

from reference import PINNED, PINNED_PLAN, plan_values, reference_values

if __name__ == "__main__":
    for path, values in ((PINNED, reference_values), (PINNED_PLAN, plan_values)):
        path.write_text(json.dumps(values(), indent=1) + "\n", encoding="utf-8")
        print(f"wrote {path}")
