/*
 * What a browser shows where there are no pages: at "/", and at "/setup", to which the link of the
 * first start leads. It says what this is and how to go on, and nothing of what is in the service.
 */
#ifndef TU_API_WELCOME_H
#define TU_API_WELCOME_H

#include <stdbool.h>

#include "http/server.h"

/* Answer GET and HEAD of the two paths with the page; false: it is another request. */
bool tu_api_welcome(const struct tu_http_request *request, struct tu_http_answer *answer);

#endif
