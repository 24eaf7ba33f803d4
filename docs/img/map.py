"""Has QGIS draw the places of a GeoJSON file: map.py FILE PICTURE"""

import os
import sys

from qgis.core import (QgsApplication, QgsCategorizedSymbolRenderer, QgsMapRendererParallelJob, QgsMapSettings,
                       QgsMarkerSymbol, QgsPalLayerSettings, QgsRendererCategory, QgsTextBufferSettings, QgsTextFormat,
                       QgsVectorLayer, QgsVectorLayerSimpleLabeling)
from qgis.PyQt.QtCore import QSize
from qgis.PyQt.QtGui import QColor, QFont

source, picture = sys.argv[1:]
app = QgsApplication([], False)
app.initQgis()
layer = QgsVectorLayer(source, "places", "ogr")
if not layer.isValid():
    sys.exit(f"{source}: QGIS cannot read it")

# What is claimed by more than one is a dispute.
disputed = QgsMarkerSymbol.createSimple({"name": "diamond", "color": "#D55E00", "size": "4.5"})
other = QgsMarkerSymbol.createSimple({"name": "circle", "color": "#009E73", "size": "3"})
layer.setRenderer(QgsCategorizedSymbolRenderer("if(array_length(\"claimants\") > 1, 'several', 'one')", [
    QgsRendererCategory("several", disputed, "several claimants"), QgsRendererCategory("one", other, "others")]))
text = QgsTextFormat()
text.setFont(QFont("DejaVu Sans"))
text.setSize(8)
buffer = QgsTextBufferSettings()
buffer.setEnabled(True)
text.setBuffer(buffer)
label = QgsPalLayerSettings()
label.fieldName = "name"
label.setFormat(text)
layer.setLabeling(QgsVectorLayerSimpleLabeling(label))
layer.setLabelsEnabled(True)

settings = QgsMapSettings()
settings.setLayers([layer])
settings.setBackgroundColor(QColor("#EAF3FA"))
settings.setOutputSize(QSize(1000, 520))
settings.setDestinationCrs(layer.crs())
extent = layer.extent()
extent.scale(1.15)
settings.setExtent(extent)
job = QgsMapRendererParallelJob(settings)
job.start()
job.waitForFinished()
if not job.renderedImage().save(picture):
    sys.exit(f"{picture}: cannot be written")
os._exit(0)  # the picture is there, and QGIS's own end may crash over what Python still holds
