/* What a provider says of itself: OpenID Connect Discovery 1.0. */
#include "access/oidc_provider.h"

#include <stdio.h>
#include <stdlib.h>

#include "access/fetch.h"
#include "access/jose.h"
#include "access/record.h"

#define SECOND INT64_C(1000000)
#define KEPT (INT64_C(3600) * SECOND)
#define KEYS_AGAIN (INT64_C(60) * SECOND)

static enum tu_status check_config(const struct tu_oidc_config *c, struct tu_error *err)
{
	if (!tu_fetch_may(c->issuer))
		return tu_fail(err, TU_E_USAGE, 0,
			"the issuer of single sign-on is a URL of https, expected as the provider "
			"writes it");
	if (!c->client_id.len || !c->redirect_uri.len)
		return tu_fail(err, TU_E_USAGE, 0,
			"single sign-on needs a client id and the address of the way back");
	if (tu_str_search(c->scopes, TU_STR("openid")) == c->scopes.len)
		return tu_fail(
			err, TU_E_USAGE, 0, "the scopes of single sign-on have no \"openid\"");
	return TU_OK;
}

enum tu_status tu_oidc_new(
	const struct tu_oidc_config *config, struct tu_oidc **out_oidc, struct tu_error *err)
{
	enum tu_status status = check_config(config, err);
	struct tu_oidc *oidc = status ? NULL : calloc(1, sizeof(*oidc));

	*out_oidc = NULL;
	if (status)
		return status;
	if (!oidc || mtx_init(&oidc->lock, mtx_plain) != thrd_success) {
		free(oidc);
		return tu_no_memory(err);
	}
	oidc->config = config;
	tu_buf_init(&oidc->keys, TU_FETCH_MAX);
	*out_oidc = oidc;
	return TU_OK;
}

void tu_oidc_free(struct tu_oidc *oidc)
{
	if (!oidc)
		return;
	tu_buf_done(&oidc->keys);
	mtx_destroy(&oidc->lock);
	free(oidc);
}

enum tu_status tu_oidc__enter(struct tu_oidc *oidc, struct tu_error *err)
{
	if (atomic_fetch_add(&oidc->inside, 1) < TU_OIDC_AT_ONCE)
		return TU_OK;
	tu_oidc__leave(oidc);
	return tu_fail(err, TU_E_BUSY, 0,
		"others wait for the provider, which may not answer: try again in a little");
}

void tu_oidc__leave(struct tu_oidc *oidc)
{
	atomic_fetch_sub(&oidc->inside, 1);
}

/* ---- discovery ---- */

static bool has(struct tu_json array, struct tu_str word)
{
	struct tu_json_iter iter = tu_json_iter(array);
	struct tu_json item;

	while (tu_json_next_item(&iter, &item))
		if (tu_str_eq(tu_json_str(item), word))
			return true;
	return false;
}

static bool knows_algorithm(struct tu_json array)
{
	struct tu_json_iter iter = tu_json_iter(array);
	struct tu_json item;

	while (tu_json_next_item(&iter, &item))
		if (tu_jose_knows(tu_json_str(item)))
			return true;
	return false;
}

static bool keep_url(struct tu_json root, const char *name, char out[TU_OIDC_ENDPOINT_MAX])
{
	struct tu_str url = tu_json_str(tu_json_get(root, tu_str_c(name)));

	if (!tu_fetch_may(url) || url.len >= TU_OIDC_ENDPOINT_MAX)
		return false;
	memcpy(out, url.ptr, url.len);
	out[url.len] = '\0';
	return true;
}

static enum tu_status read_document(struct tu_oidc *o, struct tu_json root, struct tu_error *err)
{
	struct tu_json methods = tu_json_get(root, TU_STR("token_endpoint_auth_methods_supported"));
	struct tu_json claims = tu_json_get(root, TU_STR("claims_supported"));

	if (!tu_str_eq(TU_JSON_STR(root, "issuer"), o->config->issuer))
		return tu_fail(err, TU_E_USAGE, 0,
			"the provider says that its issuer is \"%.*s\", configured is \"%.*s\"",
			TU_STR_FMT(tu_str_first(TU_JSON_STR(root, "issuer"), 200)),
			TU_STR_FMT(o->config->issuer));
	if (!keep_url(root, "authorization_endpoint", o->authorization) ||
		!keep_url(root, "token_endpoint", o->token) || !keep_url(root, "jwks_uri", o->jwks))
		return tu_fail(err, TU_E_SYNTAX, 0,
			"the provider's document of discovery has not all of "
			"authorization_endpoint, token_endpoint and jwks_uri as URLs of https");
	o->posts_secret = has(methods, TU_STR("client_secret_post")) &&
		!has(methods, TU_STR("client_secret_basic"));
	o->sends_iss = tu_json_true(
		tu_json_get(root, TU_STR("authorization_response_iss_parameter_supported")));
	o->knows_pkce =
		has(tu_json_get(root, TU_STR("code_challenge_methods_supported")), TU_STR("S256"));
	o->knows_algorithm =
		knows_algorithm(tu_json_get(root, TU_STR("id_token_signing_alg_values_supported")));
	o->says_claims = tu_json_is_array(claims);
	o->says_auth_time = has(claims, TU_STR("auth_time"));
	return TU_OK;
}

static enum tu_status parse_document(struct tu_oidc *o, struct tu_str text, struct tu_error *err)
{
	const struct tu_json_limits limits = {
		.bytes = TU_FETCH_MAX, .depth = 20, .unique_keys = true};
	struct tu_json_parser *parser = tu_json_parser_new();
	struct tu_json root;
	enum tu_status status =
		parser ? tu_json_parse(parser, text, &limits, &root, err) : tu_no_memory(err);

	if (!status)
		status = read_document(o, root, err);
	tu_json_parser_free(parser);
	return status;
}

static enum tu_status read_again(struct tu_oidc *o, int64_t at, struct tu_error *err)
{
	struct tu_buf url, text;
	struct tu_str issuer = o->config->issuer;
	enum tu_status status;

	if (tu_str_ends(issuer, TU_STR("/")))
		issuer.len--;
	tu_buf_init(&url, TU_FETCH_URL_MAX);
	tu_buf_init(&text, TU_FETCH_MAX);
	tu_buf_str_add(&url, issuer);
	tu_buf_c(&url, "/.well-known/openid-configuration");
	status = url.failed ? tu_no_memory(err)
			    : tu_fetch(&(const struct tu_fetch){.url = tu_buf_str(&url),
					       .ca_file = o->config->ca_file},
				      &text, err);
	if (!status)
		status = parse_document(o, tu_buf_str(&text), err);
	o->known = !status;
	o->read_at = at;
	tu_buf_clear(&o->keys);
	tu_buf_done(&text);
	tu_buf_done(&url);
	return status;
}

static bool is_older(int64_t then, int64_t at, int64_t than)
{
	return at < then || at - then >= than;
}

enum tu_status tu_oidc__discover(struct tu_oidc *oidc, int64_t at, struct tu_error *err)
{
	return oidc->known && !is_older(oidc->read_at, at, KEPT) ? TU_OK
								 : read_again(oidc, at, err);
}

/* ---- keys ---- */

static enum tu_status read_keys(struct tu_oidc *o, int64_t at, struct tu_error *err)
{
	enum tu_status status;

	tu_buf_clear(&o->keys);
	status = tu_fetch(
		&(const struct tu_fetch){.url = tu_str_c(o->jwks), .ca_file = o->config->ca_file},
		&o->keys, err);
	o->keys_at = at;
	if (status)
		tu_buf_clear(&o->keys);
	return status;
}

static enum tu_status verify_held(struct tu_oidc *o, struct tu_str token, int64_t at,
	struct tu_buf *out, struct tu_error *err)
{
	struct tu_error why = {0};
	enum tu_status status = tu_oidc__discover(o, at, err);

	if (!status && (!o->keys.len || is_older(o->keys_at, at, KEPT)))
		status = read_keys(o, at, err);
	if (status)
		return status;
	status = tu_jose_verify(token, tu_buf_str(&o->keys), out, &why);
	/* they may have been changed: once, and not for each forged token */
	if (status == TU_E_CONSTRAINT && strcmp(why.pointer, "key") == 0 &&
		is_older(o->keys_at, at, KEYS_AGAIN)) {
		status = read_keys(o, at, err);
		if (status)
			return status;
		status = tu_jose_verify(token, tu_buf_str(&o->keys), out, &why);
	}
	if (status == TU_E_CONSTRAINT)
		return tu_fail_at(err, status, &(struct tu_error_place){.pointer = "oidc-token"},
			"the provider's token is refused: %s", why.message);
	if (status)
		return tu_fail(err, status, 0, "%s", why.message);
	return TU_OK;
}

enum tu_status tu_oidc__verify(struct tu_oidc *oidc, struct tu_str token, int64_t at,
	struct tu_buf *out, struct tu_error *err)
{
	enum tu_status status;

	(void)mtx_lock(&oidc->lock);
	status = verify_held(oidc, token, at, out, err);
	(void)mtx_unlock(&oidc->lock);
	return status;
}

/* ---- the check of the set-up ---- */

static void describe(const struct tu_oidc *o, struct tu_buf *out)
{
	if (!o->knows_pkce)
		tu_buf_c(out,
			"The provider does not say that it knows PKCE with S256: it may ignore "
			"it.\n");
	if (!o->knows_algorithm)
		tu_buf_c(out,
			"The provider signs tokens with none of RS256, PS256 and ES256: nobody can "
			"sign in.\n");
	if (o->says_auth_time)
		tu_buf_c(out, "Persons of the provider can sign: it says when they signed in.\n");
	else
		tu_buf_c(out,
			o->says_claims
				? "Persons of the provider cannot sign: it does not say when they "
				  "signed in (\"auth_time\").\n"
				: "It is not known whether persons of the provider can sign: it "
				  "does "
				  "not say which claims it has. Signing asks for \"auth_time\".\n");
}

enum tu_status tu_oidc_check(
	struct tu_oidc *oidc, struct tu_buf *out, bool *out_works, struct tu_error *err)
{
	struct tu_error why = {0};
	enum tu_status status;

	*out_works = false;
	(void)mtx_lock(&oidc->lock);
	status = read_again(oidc, 0, &why);
	if (!status)
		status = read_keys(oidc, 0, &why);
	if (status) {
		tu_buf_printf(out, "Signing in cannot work: %s.\n", why.message);
	} else {
		describe(oidc, out);
		*out_works = oidc->knows_algorithm;
	}
	oidc->known = false; /* the time of it is not known */
	(void)mtx_unlock(&oidc->lock);
	return out->failed || status == TU_E_NOMEM ? tu_no_memory(err) : TU_OK;
}
