/* Idempotency-Key: an operation that takes one is done once. */
#include "job/once.h"

#include "api/inside.h"

enum { KEY_MAX = 200 };

static const char *const types[] = {"application/json"};

static bool is_key(struct tu_str key)
{
	for (size_t i = 0; i < key.len; i++)
		if (key.ptr[i] < '!' || key.ptr[i] > '~')
			return false;
	return key.len && key.len <= KEY_MAX;
}

/* Of all that the request says. */
static enum tu_status digest(
	const struct tu_api_call *call, uint8_t out[static TU_SHA256_BYTES], struct tu_error *err)
{
	const struct tu_str parts[] = {tu_str_c(call->route->operation), call->http->path,
		call->http->query, call->http->body};
	struct tu_sha256 hash;
	enum tu_status status = tu_sha256_begin(&hash);

	for (size_t i = 0; i < TU_COUNT(parts) && status == TU_OK; i++) {
		uint64_t len = parts[i].len;

		status = tu_sha256_add(&hash, tu_str_of((const char *)&len, sizeof(len)));
		if (status == TU_OK)
			status = tu_sha256_add(&hash, parts[i]);
	}
	if (status == TU_OK)
		status = tu_sha256_end(&hash, out);
	return status ? tu_no_memory(err) : TU_OK;
}

/* The key of a request; `out_once->key` is empty when it has none. */
static enum tu_status once_of(
	const struct tu_api_call *call, struct tu_once *out_once, struct tu_error *err)
{
	struct tu_str key = tu_http_header(call->http, TU_STR("Idempotency-Key"));

	*out_once = (struct tu_once){.owner = call->act.actor, .at = call->now};
	if (!(call->route->flags & TU_API_IDEMPOTENT) || !key.ptr)
		return TU_OK;
	out_once->key = key;
	return digest(call, out_once->digest, err);
}

/* Types are static texts. */
static const char *type_of(struct tu_str type)
{
	for (size_t i = 0; i < TU_COUNT(types); i++)
		if (tu_str_eq(type, tu_str_c(types[i])))
			return types[i];
	return NULL;
}

static void answer_again(struct tu_api_call *call, const struct tu_once_answer *from)
{
	struct tu_api_answer *to = &call->answer;
	size_t len = from->etag.len < sizeof(to->etag) ? from->etag.len : 0;

	to->status = from->status;
	to->type = type_of(from->type);
	memcpy(to->etag, from->etag.ptr, len);
	to->etag[len] = '\0';
	to->location = from->location;
	tu_buf_str_add(&to->body, from->body);
}

static enum tu_status refuse(struct tu_api_call *call, enum tu_api_problem_type type,
	struct tu_error *err, const char *message)
{
	call->problem.type = type;
	return tu_fail(err, TU_E_CONFLICT, 0, "%s", message);
}

enum tu_status tu_api__once_begin(struct tu_api_call *call, bool *out_done, struct tu_error *err)
{
	struct tu_once once;
	struct tu_once_found found;
	enum tu_status status = once_of(call, &once, err);

	if (status != TU_OK || !once.key.ptr)
		return status;
	if (!is_key(once.key))
		return refuse(call, TU_PROBLEM_BAD_REQUEST, err,
			"Idempotency-Key: 1 to 200 characters without spaces are expected");
	status = tu_once_begin(tu_api_store(call), &once, call->arena, &found, err);
	if (status != TU_OK)
		return status;
	switch (found.state) {
	case TU_ONCE_NEW:
		return TU_OK;
	case TU_ONCE_DONE:
		answer_again(call, &found.answer);
		*out_done = true;
		return TU_OK;
	case TU_ONCE_OPEN:
		return refuse(call, TU_PROBLEM_IN_PROGRESS, err,
			"a request under this Idempotency-Key has not been answered: it is under "
			"way, or the service ended before it was");
	case TU_ONCE_OTHER:
		break;
	}
	return refuse(call, TU_PROBLEM_KEY_REUSED, err,
		"another request was sent under this Idempotency-Key");
}

enum tu_api_once_fate tu_api__once_fate(enum tu_status status, bool wrote)
{
	if (status == TU_OK)
		return TU_API_ONCE_KEEP;
	return wrote || status == TU_E_IO ? TU_API_ONCE_LEAVE : TU_API_ONCE_FORGET;
}

void tu_api__once_end(struct tu_api_call *call, enum tu_status status)
{
	const struct tu_api_answer *answer = &call->answer;
	struct tu_once once;
	struct tu_once_answer kept;
	enum tu_api_once_fate fate = tu_api__once_fate(status, call->wrote);
	enum tu_status ended;

	if (fate == TU_API_ONCE_LEAVE || once_of(call, &once, NULL) != TU_OK || !once.key.ptr)
		return;
	kept = (struct tu_once_answer){.status = answer->status ? answer->status
			: answer->body.len			? 200
								: 204,
		.type = tu_str_c(answer->type	   ? answer->type
				: answer->body.len ? types[0]
						   : NULL),
		.etag = tu_str_c(answer->etag),
		.location = answer->location,
		.body = tu_buf_str(&answer->body)};
	/* where the key is not settled it stays taken: nothing is done twice */
	ended = fate == TU_API_ONCE_FORGET ? tu_once_forget(tu_api_store(call), &once, NULL)
					   : tu_once_end(tu_api_store(call), &once, &kept, NULL);
	(void)ended;
}
