/*
 * What a provider of single sign-on sends: a token, verified with a set of keys, and claims. Any
 * bytes are refused, or are what they say; what nobody signed is never accepted.
 */
#include <stdlib.h>
#include <string.h>

#include "access/jose.h"
#include "access/oidc_provider.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool holds)
{
	if (!holds)
		abort();
}

/* A public key whose private half nobody has: the point is the generator of P-256. */
static const struct tu_str keys =
	TU_STR_INIT("{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-256\","
		    "\"x\":\"axfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpY\","
		    "\"y\":\"T-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU\"}]}");

static void try_token(struct tu_str token)
{
	struct tu_error err = {0};
	struct tu_buf out;

	tu_buf_init(&out, TU_JOSE_TOKEN_MAX);
	demand(tu_jose_verify(token, keys, &out, &err) != TU_OK && err.message[0]);
	tu_buf_done(&out);
}

static void try_text(struct tu_str text)
{
	struct tu_buf bytes, again;

	tu_buf_init(&bytes, TU_JOSE_TOKEN_MAX);
	tu_buf_init(&again, 2 * TU_JOSE_TOKEN_MAX);
	if (tu_base64url_read(text, &bytes)) {
		tu_base64url_write((const uint8_t *)bytes.ptr, bytes.len, &again);
		demand(tu_str_eq(tu_buf_str(&again), text));
	}
	tu_buf_done(&again);
	tu_buf_done(&bytes);
}

static void try_claims(struct tu_str text)
{
	const struct tu_oidc_expected expected = {.issuer = TU_STR("https://a"),
		.client_id = TU_STR("c"),
		.nonce = TU_STR("n"),
		.at = INT64_C(1700000000000000),
		.signing = true};
	struct tu_json_parser *parser = tu_json_parser_new();
	const struct tu_json_limits limits = {.unique_keys = true};
	struct tu_oidc_claims claims;
	struct tu_json root;

	if (parser && !tu_json_parse(parser, text, &limits, &root, NULL) &&
		!tu_oidc__judge(root, &expected, &claims, NULL)) {
		demand(tu_str_eq(TU_JSON_STR(root, "iss"), expected.issuer));
		demand(tu_str_eq(TU_JSON_STR(root, "nonce"), expected.nonce));
		demand(claims.subject.len > 0 && claims.auth_time > 0);
	}
	tu_json_parser_free(parser);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct tu_str text = tu_str_of((const char *)data, size);

	try_token(text);
	try_text(text);
	try_claims(text);
	return 0;
}
