/* The checks of an ID token: OpenID Connect Core 1.0, 3.1.3.7. Pure. */
#include "access/jose.h"
#include "access/oidc_provider.h"
#include "access/record.h"
#include "base/hmac.h"
#include "base/sha256.h"

#define SECOND INT64_C(1000000)
#define SLACK_S INT64_C(60)
#define ISSUED_S INT64_C(600)
#define AUTH_S INT64_C(300)
#define TIME_MAX_S UINT64_C(253402300799)

enum { SUBJECT_MAX = 255, TEXT_MAX = 200 };

static bool read_time(struct tu_json payload, struct tu_str name, int64_t *out_s)
{
	uint64_t value = 0;
	double number;

	*out_s = 0;
	if (tu_json_u64(tu_json_get(payload, name), TIME_MAX_S, &value)) {
		*out_s = (int64_t)value;
		return true;
	}
	/* some write fractions */
	if (!tu_json_number(tu_json_get(payload, name), &number) || !(number >= 0) ||
		number > (double)TIME_MAX_S)
		return false;
	*out_s = (int64_t)number;
	return true;
}

struct judging {
	struct tu_json payload;
	const struct tu_oidc_expected *expected;
	int64_t now_s;
};

static bool has_issuer(const struct judging *j)
{
	return tu_str_eq(TU_JSON_STR(j->payload, "iss"), j->expected->issuer);
}

/* Ours, and nobody else's. */
static bool has_audience(const struct judging *j)
{
	struct tu_json aud = tu_json_get(j->payload, TU_STR("aud"));
	struct tu_json_iter iter = tu_json_iter(aud);
	struct tu_json item;
	size_t count = 0;

	if (!tu_json_is_array(aud))
		return tu_str_eq(tu_json_str(aud), j->expected->client_id);
	for (; tu_json_next_item(&iter, &item); count++)
		if (!tu_str_eq(tu_json_str(item), j->expected->client_id))
			return false;
	return count > 0;
}

static bool has_party(const struct judging *j)
{
	struct tu_json azp = tu_json_get(j->payload, TU_STR("azp"));

	return tu_json_type(azp) == TU_JSON_ABSENT ||
		tu_str_eq(tu_json_str(azp), j->expected->client_id);
}

static bool has_time_left(const struct judging *j)
{
	int64_t exp;

	return read_time(j->payload, TU_STR("exp"), &exp) && j->now_s < exp + SLACK_S;
}

static bool has_begun(const struct judging *j)
{
	int64_t nbf;

	return tu_json_type(tu_json_get(j->payload, TU_STR("nbf"))) == TU_JSON_ABSENT ||
		(read_time(j->payload, TU_STR("nbf"), &nbf) && nbf <= j->now_s + SLACK_S);
}

static bool is_new(const struct judging *j)
{
	int64_t iat;

	return read_time(j->payload, TU_STR("iat"), &iat) && iat <= j->now_s + SLACK_S &&
		iat >= j->now_s - ISSUED_S;
}

static bool has_nonce(const struct judging *j)
{
	return j->expected->nonce.len &&
		tu_same_secret(TU_JSON_STR(j->payload, "nonce"), j->expected->nonce);
}

static bool has_subject(const struct judging *j)
{
	struct tu_str sub = TU_JSON_STR(j->payload, "sub");
	bool fine = sub.len > 0 && sub.len <= SUBJECT_MAX;

	for (size_t i = 0; fine && i < sub.len; i++)
		fine = sub.ptr[i] >= ' ' && sub.ptr[i] < 0x7f;
	return fine;
}

/* The left half of the access token's hash (3.1.3.6); all our algorithms have SHA-256. */
static bool has_hash(const struct judging *j)
{
	struct tu_json claim = tu_json_get(j->payload, TU_STR("at_hash"));
	uint8_t digest[TU_SHA256_BYTES];
	struct tu_buf text;
	bool same;

	if (tu_json_type(claim) == TU_JSON_ABSENT || !j->expected->access_token.len)
		return true;
	if (tu_sha256(j->expected->access_token, digest))
		return false;
	tu_buf_init(&text, 64);
	tu_base64url_write(digest, TU_SHA256_BYTES / 2, &text);
	same = !text.failed && tu_str_eq(tu_buf_str(&text), tu_json_str(claim));
	tu_buf_done(&text);
	return same;
}

static const struct {
	bool (*holds)(const struct judging *judging);
	const char *says;
} checks[] = {
	{has_issuer, "\"iss\" is not the configured issuer"},
	{has_audience, "\"aud\" is not our client id, or also somebody else's"},
	{has_party, "\"azp\" is not our client id"},
	{has_time_left, "\"exp\": it has expired, or does not say when"},
	{has_begun, "\"nbf\": it is not valid yet"},
	{is_new, "\"iat\": it was not issued in the last ten minutes (is the clock right?)"},
	{has_nonce, "\"nonce\" is not that of this sign-in"},
	{has_subject, "\"sub\" is missing, or no text of 1 to 255 printable ASCII characters"},
	{has_hash, "\"at_hash\" is not of the access token"},
};

static enum tu_status judge_auth_time(
	const struct judging *j, struct tu_oidc_claims *out, struct tu_error *err)
{
	int64_t at_s;
	bool said = read_time(j->payload, TU_STR("auth_time"), &at_s);

	out->auth_time = said ? at_s * SECOND : 0;
	if (!j->expected->signing)
		return TU_OK;
	if (!said)
		return tu_access__refuse(err, "auth-time",
			"the provider does not say when you signed in there (\"auth_time\"), so "
			"nobody can sign with it");
	if (at_s > j->now_s + SLACK_S || j->now_s - at_s > AUTH_S)
		return tu_access__refuse(err, "auth-time",
			"you signed in at the provider more than five minutes ago: to sign, enter "
			"your credentials there again");
	return TU_OK;
}

/* One line, not too long; else nothing. */
static struct tu_str plain(struct tu_str text)
{
	for (size_t i = 0; i < text.len; i++)
		if ((unsigned char)text.ptr[i] < ' ' || text.ptr[i] == 0x7f)
			return TU_STR("");
	return text.len <= TEXT_MAX ? tu_str_trim(text) : TU_STR("");
}

enum tu_status tu_oidc__judge(struct tu_json payload, const struct tu_oidc_expected *expected,
	struct tu_oidc_claims *out_claims, struct tu_error *err)
{
	const struct judging j = {payload, expected, expected->at / SECOND};
	bool verified = tu_json_true(tu_json_get(payload, TU_STR("email_verified")));

	*out_claims = (struct tu_oidc_claims){0};
	for (size_t i = 0; i < TU_COUNT(checks); i++)
		if (!checks[i].holds(&j))
			return tu_fail_at(err, TU_E_CONSTRAINT,
				&(struct tu_error_place){.pointer = "oidc-token"},
				"the provider's token is refused: %s", checks[i].says);
	out_claims->subject = TU_JSON_STR(payload, "sub");
	out_claims->login = plain(TU_JSON_STR(payload, "preferred_username"));
	out_claims->name = plain(TU_JSON_STR(payload, "name"));
	out_claims->mail = verified ? plain(TU_JSON_STR(payload, "email")) : TU_STR("");
	return judge_auth_time(&j, out_claims, err);
}
