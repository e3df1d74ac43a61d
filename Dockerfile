# Give the digest that you checked to pin it: python:3.13-slim@sha256:...
ARG PYTHON_IMAGE=python:3.13-slim
FROM ${PYTHON_IMAGE}

# PDFs and OFD receipts name Chinese fonts and do not bring them.
RUN apt-get update && apt-get install --yes --no-install-recommends fonts-wqy-zenhei \
    && rm -rf /var/lib/apt/lists/*
RUN useradd --create-home --uid 10001 huzhu \
    && mkdir --mode=700 /data /inbox /backups && chown huzhu /data /inbox /backups
WORKDIR /app

ARG REQUIREMENTS=requirements/run.txt
COPY requirements/bootstrap.txt ${REQUIREMENTS} requirements/
RUN pip install --no-cache-dir --require-hashes -r requirements/bootstrap.txt \
    && uv pip install --system --no-cache --compile-bytecode --require-hashes -r ${REQUIREMENTS}

COPY . .
# The user of the image may not write here, so every process would compile all it imports.
RUN python -m compileall -q .
USER huzhu
VOLUME /data /inbox
ENTRYPOINT ["python", "-m", "huzhu"]
CMD ["--help"]
