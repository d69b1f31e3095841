"""Indicators: figures that a data package declares over its resources, a value for each row."""

from retouche.core.indicators.declarations import indicators_of as indicators_of
from retouche.core.indicators.indicator import Indicator as Indicator
