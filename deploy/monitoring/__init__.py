"""How operators see that all is well, and are told when it is not: rules, what is scraped, a dashboard."""

from deploy.local.layout import ROOT

HERE = ROOT / "deploy" / "monitoring"
