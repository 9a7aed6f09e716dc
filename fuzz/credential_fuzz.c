/*
 * What comes with a request to say who asks: any bytes are nothing, a token, a key's text or bad,
 * and what is taken for a token is one.
 */
#include <stdlib.h>
#include <string.h>

#include "access/credential.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool holds)
{
	if (!holds)
		abort();
}

static bool is_within(struct tu_str part, struct tu_str whole)
{
	return part.len == 0 ||
		(part.ptr >= whole.ptr && part.ptr + part.len <= whole.ptr + whole.len);
}

/* The first byte is the scheme; then Cookie, Authorization and X-Api-Key, a line each. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct tu_str rest = tu_str_of((const char *)data, size), whole = rest;
	struct tu_str lines[3] = {{"", 0}, {"", 0}, {"", 0}};
	struct tu_access_request request = {0};
	struct tu_credential found;

	if (size == 0)
		return 0;
	request.https = data[0] & 1;
	rest = tu_str_from(rest, 1);
	for (size_t i = 0; i < 3 && tu_str_split(&rest, '\n', &lines[i]); i++)
		;
	request.cookie = lines[0];
	request.authorization = lines[1];
	request.api_key = lines[2];
	found = tu_credential_read(&request);
	demand(is_within(found.text, whole));
	demand((found.kind == TU_CREDENTIAL_SESSION || found.kind == TU_CREDENTIAL_KEY) ==
		(found.text.len > 0));
	if (found.kind == TU_CREDENTIAL_SESSION) {
		demand(found.text.len == TU_SESSION_DIGITS);
		for (size_t i = 0; i < found.text.len; i++)
			demand(strchr("0123456789abcdef", found.text.ptr[i]) != NULL);
		demand(tu_str_search(request.cookie, tu_credential_cookie(request.https)) <
			request.cookie.len);
	}
	return 0;
}
