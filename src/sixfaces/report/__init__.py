"""RENDER: report.json and the self-contained HTML page."""
