#include "access/jose.h"

#include <cjose/cjose.h>

#include "access/record.h"
#include "base/json.h"
#include "base/json_writer.h"
#include "base/library.h"

#define FUNCTIONS(X) \
	X(cjose_jwk_get_keysize) \
	X(cjose_jwk_import) \
	X(cjose_jwk_release) \
	X(cjose_jws_get_plaintext) \
	X(cjose_jws_import) \
	X(cjose_jws_release) \
	X(cjose_jws_verify)
#define SONAME "libcjose.so.0"

enum { JWK_MAX = 16 * 1024, HEADER_MAX = 8 * 1024, RSA_BITS = 2048 };

struct cjose {
	FUNCTIONS(TU_LIBRARY_MEMBER)
};

TU_LIBRARY(library, struct cjose, FUNCTIONS, SONAME);

TU_LIBRARY_NOTE("cjose", "single sign-on", "suggested", TU_LIBRARY_QUOTED(SONAME));

/* The kinds of keys; members of a JWK that the library gets. */
static const struct kind {
	struct tu_str algorithm, kty;
	const char *members[3];
} kinds[] = {
	{TU_STR_INIT("RS256"), TU_STR_INIT("RSA"), {"n", "e", NULL}},
	{TU_STR_INIT("PS256"), TU_STR_INIT("RSA"), {"n", "e", NULL}},
	{TU_STR_INIT("ES256"), TU_STR_INIT("EC"), {"crv", "x", "y"}},
};

static const struct kind *kind_of(struct tu_str algorithm)
{
	for (size_t i = 0; i < TU_COUNT(kinds); i++)
		if (tu_str_eq(algorithm, kinds[i].algorithm))
			return &kinds[i];
	return NULL;
}

bool tu_jose_knows(struct tu_str algorithm)
{
	return kind_of(algorithm) != NULL;
}

/* ---- base64url ---- */

static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

void tu_base64url_write(const uint8_t *bytes, size_t len, struct tu_buf *out)
{
	uint32_t held = 0;
	unsigned bits = 0;

	for (size_t i = 0; i < len; i++) {
		held = held << 8 | bytes[i];
		for (bits += 8; bits >= 6; bits -= 6)
			tu_buf_byte(out, letters[held >> (bits - 6) & 63]);
		held &= (1u << bits) - 1;
	}
	if (bits)
		tu_buf_byte(out, letters[held << (6 - bits) & 63]);
}

static int value_of(char c)
{
	const char *at = c ? strchr(letters, c) : NULL;

	return at ? (int)(at - letters) : -1;
}

bool tu_base64url_read(struct tu_str text, struct tu_buf *out)
{
	uint32_t held = 0;
	unsigned bits = 0;

	if (text.len % 4 == 1)
		return false;
	for (size_t i = 0; i < text.len; i++) {
		int value = value_of(text.ptr[i]);

		if (value < 0)
			return false;
		held = held << 6 | (uint32_t)value;
		bits += 6;
		if (bits >= 8) {
			bits -= 8;
			tu_buf_byte(out, (char)(held >> bits));
			held &= (1u << bits) - 1;
		}
	}
	return held == 0 && !out->failed;
}

/* ---- the header ---- */

static enum tu_status refuse(struct tu_error *err, const char *why)
{
	return tu_access__refuse(err, "token", why);
}

struct header {
	const struct kind *kind;
	struct tu_str kid; /* empty: none */
};

static enum tu_status judge_header(struct tu_json root, struct header *out, struct tu_error *err)
{
	struct tu_json kid = tu_json_get(root, TU_STR("kid"));

	out->kind = kind_of(TU_JSON_STR(root, "alg"));
	out->kid = tu_json_str(kid);
	if (!tu_json_is_object(root) || !out->kind)
		return refuse(err,
			"the token is not signed with RS256, PS256 or ES256: its \"alg\" is "
			"another");
	if (tu_json_type(tu_json_get(root, TU_STR("crit"))) != TU_JSON_ABSENT ||
		(tu_json_type(kid) != TU_JSON_ABSENT && !tu_json_is_string(kid)))
		return refuse(err, "the header of the token asks for what is not understood");
	return TU_OK;
}

/* The header's texts live in the parser. */
static enum tu_status read_header(struct tu_json_parser *parser, struct tu_str token,
	struct tu_buf *text, struct header *out, struct tu_error *err)
{
	const struct tu_json_limits limits = {
		.bytes = HEADER_MAX, .depth = 10, .unique_keys = true};
	size_t dots = 0;
	struct tu_json root;

	for (size_t i = 0; i < token.len; i++)
		dots += token.ptr[i] == '.';
	if (token.len > TU_JOSE_TOKEN_MAX || dots != 2 ||
		!tu_base64url_read(tu_str_first(token, tu_str_find(token, '.')), text) ||
		tu_json_parse(parser, tu_buf_str(text), &limits, &root, NULL))
		return refuse(err, "this is no signed token");
	return judge_header(root, out, err);
}

/* ---- keys ---- */

static bool has(struct tu_json array, struct tu_str word)
{
	struct tu_json_iter iter = tu_json_iter(array);
	struct tu_json item;

	while (tu_json_next_item(&iter, &item))
		if (tu_str_eq(tu_json_str(item), word))
			return true;
	return false;
}

static bool is_absent(struct tu_json value)
{
	return tu_json_type(value) == TU_JSON_ABSENT;
}

/* May this key have signed such a token? */
static bool fits(struct tu_json key, const struct header *header)
{
	struct tu_json alg = tu_json_get(key, TU_STR("alg"));
	struct tu_json use = tu_json_get(key, TU_STR("use"));
	struct tu_json ops = tu_json_get(key, TU_STR("key_ops"));

	return tu_str_eq(TU_JSON_STR(key, "kty"), header->kind->kty) &&
		(is_absent(alg) || tu_str_eq(tu_json_str(alg), header->kind->algorithm)) &&
		(is_absent(use) || tu_str_eq(tu_json_str(use), TU_STR("sig"))) &&
		(is_absent(ops) || has(ops, TU_STR("verify"))) &&
		(!header->kid.len || tu_str_eq(TU_JSON_STR(key, "kid"), header->kid)) &&
		(!tu_str_eq(header->kind->kty, TU_STR("EC")) ||
			tu_str_eq(TU_JSON_STR(key, "crv"), TU_STR("P-256")));
}

/* A key with the members that matter, and no other; NULL: it is none. */
static cjose_jwk_t *import_key(
	const struct cjose *cjose, struct tu_json key, const struct kind *kind)
{
	struct tu_json_writer json;
	struct tu_buf text;
	cjose_jwk_t *made = NULL;
	cjose_err why;

	tu_buf_init(&text, JWK_MAX);
	json = tu_json_writer(&text, false);
	tu_json_open_object(&json);
	tu_json_member_str(&json, "kty", kind->kty);
	for (size_t i = 0; i < TU_COUNT(kind->members) && kind->members[i]; i++) {
		tu_json_key_str(&json, tu_str_c(kind->members[i]));
		tu_json_add_str(&json, tu_json_str(tu_json_get(key, tu_str_c(kind->members[i]))));
	}
	tu_json_close_object(&json);
	if (!text.failed)
		made = cjose->cjose_jwk_import(text.ptr, text.len, &why);
	tu_buf_done(&text);
	if (made && kind->members[2] == NULL &&
		cjose->cjose_jwk_get_keysize(made, &why) < RSA_BITS) {
		(void)cjose->cjose_jwk_release(made);
		return NULL;
	}
	return made;
}

/* ---- the signature ---- */

struct verifying {
	const struct cjose *cjose;
	struct tu_str token;
	struct tu_buf *out;
	bool tried; /* a key of the set was the token's */
};

static bool verify_with(struct verifying *v, cjose_jwk_t *key)
{
	cjose_err why;
	cjose_jws_t *jws = v->cjose->cjose_jws_import(v->token.ptr, v->token.len, &why);
	uint8_t *payload;
	size_t len;
	bool right = jws && v->cjose->cjose_jws_verify(jws, key, &why) &&
		v->cjose->cjose_jws_get_plaintext(jws, &payload, &len, &why);

	if (right)
		tu_buf_add(v->out, payload, len);
	if (jws)
		v->cjose->cjose_jws_release(jws);
	return right;
}

static enum tu_status try_keys(
	struct verifying *v, struct tu_json keys, const struct header *header, struct tu_error *err)
{
	struct tu_json_iter iter = tu_json_iter(keys);
	size_t count = 0;
	struct tu_json item;

	while (tu_json_next_item(&iter, &item) && count++ < TU_JOSE_KEYS_MAX) {
		cjose_jwk_t *key =
			fits(item, header) ? import_key(v->cjose, item, header->kind) : NULL;
		bool right;

		if (!key)
			continue;
		v->tried = true;
		right = verify_with(v, key);
		(void)v->cjose->cjose_jwk_release(key);
		if (right)
			return v->out->failed ? tu_no_memory(err) : TU_OK;
	}
	return v->tried ? refuse(err, "the signature of the token is wrong")
			: tu_access__refuse(err, "key",
				  "the provider publishes no key that may have signed the token");
}

static enum tu_status verify(
	struct verifying *v, struct tu_str set, const struct header *header, struct tu_error *err)
{
	const struct tu_json_limits limits = {.bytes = 1 << 20, .depth = 20, .unique_keys = true};
	struct tu_json_parser *parser = tu_json_parser_new();
	struct tu_json root;
	enum tu_status status =
		parser ? tu_json_parse(parser, set, &limits, &root, err) : tu_no_memory(err);

	if (!status && !tu_json_is_array(tu_json_get(root, TU_STR("keys"))))
		status = tu_fail(err, TU_E_SYNTAX, 0, "this is no set of keys (RFC 7517)");
	if (!status)
		status = try_keys(v, tu_json_get(root, TU_STR("keys")), header, err);
	tu_json_parser_free(parser);
	return status;
}

enum tu_status tu_jose_verify(
	struct tu_str token, struct tu_str keys, struct tu_buf *out, struct tu_error *err)
{
	struct verifying v = {.cjose = tu_library(&library), .token = token, .out = out};
	struct tu_json_parser *parser = tu_json_parser_new();
	struct header header = {0};
	struct tu_buf text;
	enum tu_status status = parser ? TU_OK : tu_no_memory(err);

	if (!status && !v.cjose)
		status = tu_fail(err, TU_E_UNSUPPORTED, 0,
			"libcjose is not installed: install the package libcjose0");
	tu_buf_init(&text, HEADER_MAX);
	if (!status)
		status = read_header(parser, token, &text, &header, err);
	if (!status)
		status = verify(&v, keys, &header, err);
	tu_buf_done(&text);
	tu_json_parser_free(parser);
	return status;
}
