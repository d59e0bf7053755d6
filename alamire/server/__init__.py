"""The server: images, manifests and the files of each songbook over HTTP, and pages to read them with."""

from alamire.extras import need

need("serve", "starlette", "uvicorn", "httptools", "pyvips", "simplejpeg")
