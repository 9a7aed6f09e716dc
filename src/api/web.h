/*
 * The page that people work in: the files of web/dist, which are in the program, and the addresses
 * of the page, each of which is answered with its one document. It says nothing of what is in the
 * service: all it shows, it asks of /v1 as whoever is signed in.
 */
#ifndef TU_API_WEB_H
#define TU_API_WEB_H

#include <stdbool.h>

#include "http/server.h"

/* Answer GET and HEAD of an address of the page or of one of its files; false: it is another
 * request. */
bool tu_api_web(const struct tu_http_request *request, struct tu_http_answer *answer);

#endif
