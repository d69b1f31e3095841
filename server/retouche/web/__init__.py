"""HTTP: routes, pages and problems. Views read the request, call one service, write the answer."""
