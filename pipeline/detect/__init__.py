"""Detection: the only room that imports spaCy, Presidio and the model runtime."""

from pipeline.detect.detector import Detector
from pipeline.detect.known import Known
from pipeline.detect.syntax import Parser

__all__ = ["Detector", "Known", "Parser"]
