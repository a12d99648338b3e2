# The service, and tesseract for scans. Build it with: docker build -t orquestradora .
FROM python:3.11-slim-bookworm

RUN apt-get update \
    && apt-get install -y --no-install-recommends tesseract-ocr tesseract-ocr-por \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 orquestradora \
    && install -d -o orquestradora -m 700 /var/lib/orquestradora/data /var/lib/orquestradora/documents
WORKDIR /srv/orquestradora
COPY requirements.txt .
RUN pip install --no-cache-dir -r requirements.txt
COPY main.py ./
COPY app app
ENV HOST=0.0.0.0 PORT=8080 DATA_DIR=/var/lib/orquestradora/data DOCUMENTS_DIR=/var/lib/orquestradora/documents
USER orquestradora
VOLUME ["/var/lib/orquestradora/data", "/var/lib/orquestradora/documents"]
EXPOSE 8080
# The first start converts the embedding model, which takes about 20 seconds.
HEALTHCHECK --interval=10s --timeout=5s --start-period=120s \
    CMD ["python", "-c", "import http.client, os, sys; c = http.client.HTTPConnection('127.0.0.1', os.environ['PORT'], timeout=4); c.request('GET', '/ready'); sys.exit(c.getresponse().status != 200)"]
CMD ["python", "main.py"]
