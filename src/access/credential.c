#include "access/credential.h"

static const struct tu_credential bad = {TU_CREDENTIAL_BAD, {"", 0}};

struct tu_str tu_credential_cookie(bool https)
{
	return https ? TU_STR("__Host-tutela") : TU_STR("tutela");
}

static bool is_token(struct tu_str text)
{
	bool fine = text.len == TU_SESSION_DIGITS;

	for (size_t i = 0; fine && i < text.len; i++)
		fine = tu_char_is_digit(text.ptr[i]) || (text.ptr[i] >= 'a' && text.ptr[i] <= 'f');
	return fine;
}

static struct tu_credential read_cookie(struct tu_str header, struct tu_str name)
{
	struct tu_credential found = {TU_CREDENTIAL_NONE, {"", 0}};
	struct tu_str pair;

	if (!header.len)
		return found;
	while (tu_str_split(&header, ';', &pair)) {
		size_t at = tu_str_find(pair, '=');
		struct tu_str value = tu_str_trim(tu_str_from(pair, at + 1));

		if (at == pair.len || !tu_str_eq(tu_str_trim(tu_str_first(pair, at)), name))
			continue;
		if (!is_token(value) || (found.kind && !tu_str_eq(found.text, value)))
			return bad;
		found = (struct tu_credential){TU_CREDENTIAL_SESSION, value};
	}
	return found;
}

/* The key of "Bearer <key>"; empty: another scheme. */
static struct tu_str read_bearer(struct tu_str header)
{
	static const struct tu_str scheme = TU_STR_INIT("bearer ");

	return tu_str_istarts(header, scheme) ? tu_str_trim(tu_str_from(header, scheme.len))
					      : TU_STR("");
}

struct tu_credential tu_credential_read(const struct tu_access_request *request)
{
	struct tu_str header = tu_str_trim(request->authorization);
	struct tu_str bearer = read_bearer(header), key = tu_str_trim(request->api_key);

	if (header.len && !bearer.len)
		return bad;
	if (bearer.len && key.len && !tu_str_eq(bearer, key))
		return bad;
	if (bearer.len && !key.len && is_token(bearer))
		return (struct tu_credential){TU_CREDENTIAL_BEARER, bearer};
	if (bearer.len || key.len)
		return (struct tu_credential){TU_CREDENTIAL_KEY, key.len ? key : bearer};
	return read_cookie(request->cookie, tu_credential_cookie(request->https));
}
