"""Speed and scale, as ratios measured in one run. Nothing here runs in the tests."""
