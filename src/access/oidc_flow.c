/* The way to the provider and back. */
#include "access/fetch.h"
#include "access/jose.h"
#include "access/oidc_provider.h"
#include "access/record.h"
#include "base/ed25519.h"
#include "base/hmac.h"
#include "base/percent.h"
#include "base/sha256.h"

enum { DIGITS = 64, FORM_MAX = 8 * 1024, CODE_MAX = 4096 };

static const struct tu_str unreserved = TU_STR_INIT("-._~");

/* Random digits, and NUL. */
static enum tu_status make_digits(char out[DIGITS + 1], struct tu_error *err)
{
	uint8_t bytes[DIGITS / 2];
	struct tu_buf text;
	enum tu_status status = tu_random_bytes(bytes, sizeof(bytes), err);

	tu_buf_init(&text, DIGITS);
	tu_sha256_write(bytes, &text);
	if (!status && text.failed)
		status = tu_no_memory(err);
	if (!status)
		memcpy(out, text.ptr, DIGITS);
	out[DIGITS] = '\0';
	tu_buf_done(&text);
	return status;
}

/* ---- to the provider ---- */

struct flow {
	char state[DIGITS + 1], nonce[DIGITS + 1], verifier[DIGITS + 1];
	uint8_t state_hash[TU_SHA256_BYTES], browser_hash[TU_SHA256_BYTES];
	struct tu_str issuer;
	int64_t session, at;
};

static enum tu_status make_flow(struct flow *f, char *browser, struct tu_error *err)
{
	enum tu_status status = make_digits(f->state, err);

	if (!status)
		status = make_digits(f->nonce, err);
	if (!status)
		status = make_digits(f->verifier, err);
	if (!status)
		status = make_digits(browser, err);
	if (!status &&
		(tu_sha256(tu_str_c(f->state), f->state_hash) ||
			tu_sha256(tu_str_c(browser), f->browser_hash)))
		status = tu_no_memory(err);
	return status;
}

static struct tu_value blob(const uint8_t hash[TU_SHA256_BYTES])
{
	return tu_blob(tu_str_of((const char *)hash, TU_SHA256_BYTES));
}

static enum tu_status keep_flow(struct tu_tx *tx, void *self, struct tu_error *err)
{
	const struct flow *f = self;
	enum tu_status status = tu_tx_exec(tx, TU_SQL_OIDC_FLOW_SWEEP,
		TU_BIND(tu_int(f->at - TU_OIDC_FLOW_US), tu_int(f->at + TU_OIDC_FLOW_US)), NULL,
		err);

	if (status)
		return status;
	return tu_tx_exec(tx, TU_SQL_OIDC_FLOW_ADD,
		TU_BIND(blob(f->state_hash), blob(f->browser_hash), tu_text(f->issuer),
			tu_text(tu_str_c(f->nonce)), tu_text(tu_str_c(f->verifier)),
			f->session ? tu_int(f->session) : tu_null(), tu_int(f->at)),
		NULL, err);
}

static void add_pair(struct tu_buf *out, const char *name, struct tu_str value)
{
	if (out->len && out->ptr[out->len - 1] != '?' && out->ptr[out->len - 1] != '&')
		tu_buf_byte(out, '&');
	tu_buf_c(out, name);
	tu_buf_byte(out, '=');
	tu_percent_add(value, unreserved, out);
}

static enum tu_status write_url(struct tu_oidc *oidc, const struct flow *f, bool again,
	struct tu_buf *out, struct tu_error *err)
{
	const struct tu_oidc_config *c = oidc->config;
	uint8_t digest[TU_SHA256_BYTES];
	struct tu_buf challenge;

	if (tu_sha256(tu_str_c(f->verifier), digest))
		return tu_no_memory(err);
	tu_buf_init(&challenge, 64);
	tu_base64url_write(digest, sizeof(digest), &challenge);
	tu_buf_c(out, oidc->authorization);
	tu_buf_byte(out, strchr(oidc->authorization, '?') ? '&' : '?');
	add_pair(out, "response_type", TU_STR("code"));
	add_pair(out, "client_id", c->client_id);
	add_pair(out, "redirect_uri", c->redirect_uri);
	add_pair(out, "scope", c->scopes);
	add_pair(out, "state", tu_str_c(f->state));
	add_pair(out, "nonce", tu_str_c(f->nonce));
	add_pair(out, "code_challenge", tu_buf_str(&challenge));
	add_pair(out, "code_challenge_method", TU_STR("S256"));
	if (again) {
		add_pair(out, "prompt", TU_STR("login"));
		add_pair(out, "max_age", TU_STR("0"));
	}
	tu_buf_done(&challenge);
	return out->failed ? tu_no_memory(err) : TU_OK;
}

enum tu_status tu_oidc_start(struct tu_oidc *oidc, const struct tu_access_base *base,
	const struct tu_oidc_start *start, struct tu_oidc_started *out_started,
	struct tu_error *err)
{
	const struct tu_access *again = start->again;
	struct flow f = {.issuer = oidc->config->issuer, .at = start->at};
	enum tu_status status;

	if (again && (again->by != TU_ACCESS_SESSION || again->strength != TU_STRENGTH_PROVIDER))
		return tu_access__refuse(
			err, "access", "this is no session that began with single sign-on");
	f.session = again ? again->session : 0;
	status = tu_oidc__enter(oidc, err);
	if (status)
		return status;
	status = make_flow(&f, out_started->browser, err);
	(void)mtx_lock(&oidc->lock);
	if (!status)
		status = tu_oidc__discover(oidc, start->at, err);
	if (!status)
		status = write_url(oidc, &f, again != NULL, &out_started->url, err);
	(void)mtx_unlock(&oidc->lock);
	tu_oidc__leave(oidc);
	if (!status)
		status = tu_store_run(base->store, TU_TX_WRITE, keep_flow, &f, err);
	tu_wipe(&f, sizeof(f));
	return status;
}

/* ---- back ---- */

struct returning {
	struct tu_oidc *oidc;
	const struct tu_access_base *base;
	const struct tu_oidc_back *back;
	struct tu_oidc_done *done;
	/* of the flow */
	uint8_t state_hash[TU_SHA256_BYTES], browser_hash[TU_SHA256_BYTES];
	char nonce[DIGITS + 1], verifier[DIGITS + 1];
	int64_t session;
	bool fine;
	/* of the token */
	struct tu_oidc_claims claims;
	struct tu_oidc_who who;
};

static enum tu_status refuse_flow(struct tu_error *err)
{
	return tu_access__refuse(err, "oidc-flow",
		"this way back from the provider is of no sign-in that began here, or took too "
		"long: begin again");
}

static void copy_digits(struct tu_str text, char out[DIGITS + 1])
{
	if (text.len == DIGITS)
		memcpy(out, text.ptr, DIGITS);
}

/* Whatever is wrong with it, it is used up. */
static enum tu_status take_flow(struct tu_tx *tx, void *self, struct tu_error *err)
{
	struct returning *r = self;
	const struct tu_str browser = tu_str_of((const char *)r->browser_hash, TU_SHA256_BYTES);
	struct tu_rows *rows;
	int64_t age;
	enum tu_status status =
		tu_tx_row(tx, TU_SQL_OIDC_FLOW_TAKE, TU_BIND(blob(r->state_hash)), &rows, err);

	r->fine = false;
	if (status)
		return status == TU_E_NOTFOUND ? TU_OK : status;
	age = r->back->from.at - tu_rows_int(rows, 5);
	copy_digits(tu_rows_text(rows, 2), r->nonce);
	copy_digits(tu_rows_text(rows, 3), r->verifier);
	r->session = tu_rows_int(rows, 4);
	r->fine = tu_same_secret(tu_rows_text(rows, 0), browser) &&
		tu_str_eq(tu_rows_text(rows, 1), r->oidc->config->issuer) && age >= 0 &&
		age <= TU_OIDC_FLOW_US;
	return tu_rows_close(rows, err);
}

/* Does the provider say that it names itself on the way back? It may be another process, or one
 * that was started since, to which the browser comes back. */
static enum tu_status ask_iss(struct returning *r, bool *out_must, struct tu_error *err)
{
	enum tu_status status;

	(void)mtx_lock(&r->oidc->lock);
	status = tu_oidc__discover(r->oidc, r->back->from.at, err);
	*out_must = r->oidc->sends_iss;
	(void)mtx_unlock(&r->oidc->lock);
	return status;
}

static enum tu_status check_back(struct returning *r, struct tu_error *err)
{
	const struct tu_oidc_back *back = r->back;
	bool must_name = false;
	enum tu_status status;

	if (tu_sha256(back->state, r->state_hash) || tu_sha256(back->browser, r->browser_hash))
		return tu_no_memory(err);
	status = tu_store_run(r->base->store, TU_TX_WRITE, take_flow, r, err);
	if (status)
		return status;
	if (!r->fine)
		return refuse_flow(err);
	/* to sign again: whoever comes back is in the session that went */
	if (r->session && (back->who->by != TU_ACCESS_SESSION || back->who->session != r->session))
		return refuse_flow(err);
	status = ask_iss(r, &must_name, err);
	if (status)
		return status;
	if ((back->iss.len || must_name) && !tu_str_eq(back->iss, r->oidc->config->issuer))
		return tu_access__refuse(err, "oidc-token",
			"the way back is of another issuer (\"iss\") than the configured one");
	if (back->error.len || !back->code.len || back->code.len > CODE_MAX)
		return tu_access__refuse(err, "oidc-refused",
			"the provider did not sign you in: begin again, or ask who runs it");
	return TU_OK;
}

static enum tu_status write_form(
	const struct returning *r, struct tu_buf *out, struct tu_fetch *fetch, struct tu_error *err)
{
	const struct tu_oidc_config *c = r->oidc->config;

	add_pair(out, "grant_type", TU_STR("authorization_code"));
	add_pair(out, "code", r->back->code);
	add_pair(out, "redirect_uri", c->redirect_uri);
	add_pair(out, "code_verifier", tu_str_c(r->verifier));
	if (!c->client_secret.len || r->oidc->posts_secret)
		add_pair(out, "client_id", c->client_id);
	if (c->client_secret.len && r->oidc->posts_secret)
		add_pair(out, "client_secret", c->client_secret);
	fetch->form = tu_buf_str(out);
	fetch->ca_file = c->ca_file;
	return out->failed ? tu_no_memory(err) : TU_OK;
}

/* RFC 6749, 2.3.1: both are form-encoded before they are HTTP Basic. */
static bool write_basic(
	const struct tu_oidc_config *c, struct tu_buf *id, struct tu_buf *secret, bool posts)
{
	if (!c->client_secret.len || posts)
		return true;
	tu_percent_add(c->client_id, unreserved, id);
	tu_percent_add(c->client_secret, unreserved, secret);
	return !id->failed && !secret->failed;
}

static enum tu_status get_tokens(struct returning *r, struct tu_buf *out, struct tu_error *err)
{
	char url[TU_OIDC_ENDPOINT_MAX];
	struct tu_buf form, id, secret;
	struct tu_fetch fetch = {0};
	enum tu_status status;

	tu_buf_init(&form, FORM_MAX);
	tu_buf_init(&id, FORM_MAX);
	tu_buf_init(&secret, FORM_MAX);
	(void)mtx_lock(&r->oidc->lock);
	status = tu_oidc__discover(r->oidc, r->back->from.at, err);
	memcpy(url, r->oidc->token, sizeof(url));
	if (!status)
		status = write_form(r, &form, &fetch, err);
	if (!status && !write_basic(r->oidc->config, &id, &secret, r->oidc->posts_secret))
		status = tu_no_memory(err);
	(void)mtx_unlock(&r->oidc->lock);
	fetch.url = tu_str_c(url);
	fetch.user = tu_buf_str(&id);
	fetch.password = tu_buf_str(&secret);
	if (!status)
		status = tu_fetch(&fetch, out, err);
	if (secret.ptr)
		tu_wipe(secret.ptr, secret.cap);
	if (form.ptr)
		tu_wipe(form.ptr, form.cap);
	tu_buf_done(&secret);
	tu_buf_done(&id);
	tu_buf_done(&form);
	return status;
}

/* ---- what the provider says ---- */

static enum tu_status begin(struct tu_tx *tx, void *self, struct tu_error *err)
{
	struct returning *r = self;
	const struct tu_session_new new = {.person = r->who.id,
		.person_public = tu_str_c(r->who.public),
		.strength = TU_STRENGTH_PROVIDER,
		.issuer = r->oidc->config->issuer,
		.subject = r->claims.subject,
		.from = &r->back->from};

	return tu_session_begin(tx, &new, &r->done->session, err);
}

static enum tu_status sign_in(struct returning *r, struct tu_json payload, struct tu_error *err)
{
	enum tu_status status = tu_oidc__person(r->oidc->config, r->base->store,
		&(const struct tu_oidc_asked){&r->claims, payload, r->back->from.at}, &r->who, err);

	r->done->created = r->who.created;
	return status ? status : tu_store_run(r->base->store, TU_TX_WRITE, begin, r, err);
}

static enum tu_status prove(struct tu_tx *tx, void *self, struct tu_error *err)
{
	struct returning *r = self;
	const struct tu_access *who = r->back->who;
	int64_t now = r->back->from.at;
	int64_t at = r->claims.auth_time < now ? r->claims.auth_time : now;
	struct tu_rows *rows;
	bool same;
	enum tu_status status = tu_tx_row(tx, TU_SQL_SESSION_ACCOUNT,
		TU_BIND(tu_int(who->session), tu_int(who->person)), &rows, err);

	if (status)
		return status == TU_E_NOTFOUND ? refuse_flow(err) : status;
	same = tu_str_eq(tu_rows_text(rows, 0), r->oidc->config->issuer) &&
		tu_str_eq(tu_rows_text(rows, 1), r->claims.subject);
	status = tu_rows_close(rows, err);
	if (!status && !same)
		return tu_access__refuse(err, "oidc-account",
			"this is another account at the provider than that of your session");
	if (!status)
		status = tu_tx_exec(tx, TU_SQL_SESSION_PROVE,
			TU_BIND(tu_int(who->session), tu_int(at), tu_int(who->person)), NULL, err);
	r->done->proof = (struct tu_proof){.person = status ? 0 : who->person, .at = at};
	return status;
}

static enum tu_status use_payload(
	struct returning *r, struct tu_json payload, struct tu_str access, struct tu_error *err)
{
	const struct tu_oidc_expected expected = {.issuer = r->oidc->config->issuer,
		.client_id = r->oidc->config->client_id,
		.nonce = tu_str_c(r->nonce),
		.access_token = access,
		.at = r->back->from.at,
		.signing = r->session != 0};
	enum tu_status status = tu_oidc__judge(payload, &expected, &r->claims, err);

	if (status)
		return status;
	return r->session ? tu_store_run(r->base->store, TU_TX_WRITE, prove, r, err)
			  : sign_in(r, payload, err);
}

static enum tu_status use_tokens(struct returning *r, struct tu_str answer, struct tu_error *err)
{
	const struct tu_json_limits limits = {
		.bytes = TU_FETCH_MAX, .depth = 50, .unique_keys = true};
	struct tu_json_parser *outer = tu_json_parser_new(), *inner = tu_json_parser_new();
	struct tu_json root, payload;
	struct tu_buf text;
	enum tu_status status = outer && inner ? tu_json_parse(outer, answer, &limits, &root, err)
					       : tu_no_memory(err);

	tu_buf_init(&text, TU_JOSE_TOKEN_MAX);
	if (!status)
		status = tu_oidc__verify(
			r->oidc, TU_JSON_STR(root, "id_token"), r->back->from.at, &text, err);
	if (!status && tu_json_parse(inner, tu_buf_str(&text), &limits, &payload, NULL))
		status = tu_access__refuse(
			err, "oidc-token", "the provider's token is refused: it is no JSON");
	if (!status)
		status = use_payload(r, payload, TU_JSON_STR(root, "access_token"), err);
	tu_buf_done(&text);
	tu_json_parser_free(inner);
	tu_json_parser_free(outer);
	return status;
}

enum tu_status tu_oidc_finish(struct tu_oidc *oidc, const struct tu_access_base *base,
	const struct tu_oidc_back *back, struct tu_oidc_done *out_done, struct tu_error *err)
{
	struct returning r = {.oidc = oidc, .base = base, .back = back, .done = out_done};
	struct tu_buf answer;
	enum tu_status status;

	*out_done = (struct tu_oidc_done){0};
	status = tu_oidc__enter(oidc, err);
	if (status)
		return status;
	tu_buf_init(&answer, TU_FETCH_MAX);
	status = check_back(&r, err);
	if (!status)
		status = get_tokens(&r, &answer, err);
	if (!status)
		status = use_tokens(&r, tu_buf_str(&answer), err);
	if (answer.ptr)
		tu_wipe(answer.ptr, answer.cap);
	tu_buf_done(&answer);
	tu_wipe(r.verifier, sizeof(r.verifier));
	tu_oidc__leave(oidc);
	return status;
}

/* ---- the client's secret ---- */

struct secret_work {
	const struct tu_access_base *base;
	struct tu_str secret;
	const struct tu_audit_act *act;
	struct tu_buf *out;
	size_t before;
};

static const struct tu_str secret_name = TU_STR_INIT("oidc/client-secret");

static enum tu_status put_secret(struct tu_tx *tx, void *self, struct tu_error *err)
{
	const struct secret_work *w = self;
	const struct tu_secret secret = {secret_name, w->secret, w->act->at};
	enum tu_status status = tu_secret_put(tx, w->base->key, &secret, err);

	return status ? status
		      : tu_access__note(tx, w->act,
				&(const struct tu_access_note){
					"oidc.secret", TU_STR("single-sign-on"), NULL, {"", 0}},
				err);
}

enum tu_status tu_oidc_secret_put(const struct tu_access_base *base, struct tu_str secret,
	const struct tu_audit_act *act, struct tu_error *err)
{
	struct secret_work w = {.base = base, .secret = secret, .act = act};

	return tu_store_run(base->store, TU_TX_WRITE, put_secret, &w, err);
}

static enum tu_status get_secret(struct tu_tx *tx, void *self, struct tu_error *err)
{
	struct secret_work *w = self;
	enum tu_status status;

	w->out->len = w->before;
	status = tu_secret_get(tx, w->base->key, secret_name, w->out, err);
	return status == TU_E_NOTFOUND ? TU_OK : status;
}

enum tu_status tu_oidc_secret_get(
	const struct tu_access_base *base, struct tu_buf *out, struct tu_error *err)
{
	struct secret_work w = {.base = base, .out = out, .before = out->len};

	return tu_store_run(base->store, TU_TX_READ, get_secret, &w, err);
}
