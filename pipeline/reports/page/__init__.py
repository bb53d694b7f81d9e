"""The page reports/index.html: what every stage wrote in, HTML out."""
