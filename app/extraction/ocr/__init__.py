"""OCR: text in images and scanned pages, recognised by tesseract."""
