/* What is asked for, and by whom. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "api/inside.h"
#include "base/time.h"
#include "connect/tea/tea.h"

/* Which bits of an id are the other way round for the software of a device. */
static const char turned[TU_UUID_DIGITS + 1] = "5ea50f7a2e0000000000000000000000";

/* ---- a read ---- */

struct asking {
	struct tu_tea tea;
	tu_tea_read *read;
};

static enum tu_status run(struct tu_work *w, void *self, struct tu_error *err)
{
	struct asking *a = self;

	tu_api__answer_begin(a->tea.call); /* it may be run again */
	a->tea.w = w;
	a->tea.offers = (struct tu_offers){0};
	a->tea.udis = (struct tu_offer_udis){0};
	a->tea.json = tu_api_json(a->tea.call);
	return a->read(&a->tea, err);
}

static void take_site(struct tu_tea *tea)
{
	const struct tu_http_request *http = tea->call->http;
	struct tu_str host = http->host;

	if (!tu_str_ends(host, TU_STR("]"))) /* of IPv6, without a port */
		host = tu_str_first(host, tu_str_rfind(host, ':'));
	tea->host = host;
}

enum tu_status tu_tea_answer(struct tu_api_call *call, tu_tea_read *read, struct tu_error *err)
{
	struct asking a = {.tea = {.call = call}, .read = read};
	char *site;
	int len;
	enum tu_status status = tu_api_ask_who(call, err);

	if (status != TU_OK)
		return status;
	if (call->who.by != TU_ACCESS_NOBODY)
		a.tea.asker = (struct tu_offer_asker){.scope = &call->who.scope,
			.reads = tu_access_may(&call->who, TU_CLASS_READ),
			.customer = call->who.has_role && call->who.role == TU_PERSON_CUSTOMER
				? call->who.person
				: 0};
	site = tu_arena_text(call->arena, call->http->host.len + 16);
	if (!site)
		return tu_no_memory(err);
	len = snprintf(site, call->http->host.len + 16, "%.*s://%.*s",
		TU_STR_FMT(call->http->scheme), TU_STR_FMT(call->http->host));
	a.tea.site = tu_str_of(site, (size_t)len);
	take_site(&a.tea);
	return tu_api_read(call, run, &a, err);
}

/* ---- things ---- */

enum tu_status tu_tea_unknown(struct tu_error *err)
{
	return tu_api_unknown(err, "object");
}

enum tu_status tu_tea_malformed(struct tu_tea *tea, struct tu_error *err, const char *message)
{
	tea->call->problem.type = TU_PROBLEM_BAD_REQUEST;
	return tu_fail(err, TU_E_USAGE, 0, "%s", message);
}

static char turn(char digit, char by)
{
	static const char digits[] = "0123456789abcdef";
	size_t a = tu_str_find(tu_str_c(digits), digit), b = tu_str_find(tu_str_c(digits), by);

	return digits[(a ^ b) & 15];
}

/* There and back: the public id of a UUID that is asked for, and the other way round. */
static void turn_id(enum tu_tea_kind kind, char id[TU_UUID_DIGITS + 1])
{
	for (size_t i = 0; kind == TU_TEA_COMPONENT && i < TU_UUID_DIGITS; i++)
		id[i] = turn(id[i], turned[i]);
}

static enum tu_status take_id(struct tu_tea *tea, enum tu_tea_kind kind,
	char out_id[TU_UUID_DIGITS + 1], struct tu_error *err)
{
	if (!tu_uuid_read(tea->call->path[0], out_id))
		return tu_tea_malformed(tea, err, "a UUID is 32 hexadecimal digits with dashes");
	turn_id(kind, out_id);
	return TU_OK;
}

/* What is offered of the device that the id belongs to. */
static enum tu_status load_of(struct tu_tea *tea, struct tu_str id, struct tu_error *err)
{
	int64_t device = 0;
	enum tu_status status = tu_offer_device_of(tea->w, id, &device, err);

	if (status == TU_OK && !device)
		return tu_tea_unknown(err);
	if (status == TU_OK)
		status = tu_offer_list(tea->w, &tea->asker, device, &tea->offers, err);
	if (status == TU_OK)
		status = tu_offer_udi_list(tea->w, &tea->udis, err);
	if (status == TU_OK && tea->offers.count != 1)
		return tu_tea_unknown(err);
	return status;
}

enum tu_status tu_tea_load_all(struct tu_tea *tea, struct tu_error *err)
{
	enum tu_status status = tu_offer_list(tea->w, &tea->asker, 0, &tea->offers, err);

	return status ? status : tu_offer_udi_list(tea->w, &tea->udis, err);
}

enum tu_status tu_tea_find_device(
	struct tu_tea *tea, enum tu_tea_kind kind, struct tu_tea_thing *out, struct tu_error *err)
{
	char id[TU_UUID_DIGITS + 1];
	enum tu_status status = take_id(tea, kind, id, err);

	*out = (struct tu_tea_thing){0};
	if (status == TU_OK)
		status = load_of(tea, tu_str_c(id), err);
	if (status != TU_OK)
		return status;
	out->device = &tea->offers.at[0];
	return tu_str_eq(out->device->row.public_id, tu_str_c(id)) ? TU_OK : tu_tea_unknown(err);
}

enum tu_status tu_tea_find_release(
	struct tu_tea *tea, enum tu_tea_kind kind, struct tu_tea_thing *out, struct tu_error *err)
{
	char id[TU_UUID_DIGITS + 1];
	enum tu_status status = take_id(tea, kind, id, err);

	*out = (struct tu_tea_thing){0};
	if (status == TU_OK)
		status = load_of(tea, tu_str_c(id), err);
	if (status != TU_OK)
		return status;
	out->device = &tea->offers.at[0];
	for (size_t i = 0; i < out->device->release_count && !out->release; i++)
		if (tu_str_eq(out->device->releases[i].row.public_id, tu_str_c(id)))
			out->release = &out->device->releases[i];
	return out->release ? TU_OK : tu_tea_unknown(err);
}

enum tu_status tu_tea_find_artifact(
	struct tu_tea *tea, char out_id[TU_UUID_DIGITS + 1], struct tu_error *err)
{
	enum tu_status status = take_id(tea, TU_TEA_PRODUCT, out_id, err);

	return status ? status : load_of(tea, tu_str_c(out_id), err);
}

enum tu_status tu_tea_number(struct tu_tea *tea, size_t value, int64_t *out, struct tu_error *err)
{
	uint64_t number = 0;

	if (!tu_str_to_u64(tea->call->path[value], INT32_MAX, &number))
		return tu_tea_malformed(tea, err, "a version is a whole number");
	*out = (int64_t)number;
	return number ? TU_OK : tu_tea_unknown(err);
}

/* ---- writing ---- */

struct tu_str tu_tea_text(struct tu_tea *tea, const char *format, ...)
{
	va_list args;
	char *text;
	int len;

	va_start(args, format);
	len = vsnprintf(NULL, 0, format, args);
	va_end(args);
	text = len < 0 ? NULL : tu_arena_text(tea->w->arena, (size_t)len + 1);
	if (!text)
		return (struct tu_str){0};
	va_start(args, format);
	(void)vsnprintf(text, (size_t)len + 1, format, args);
	va_end(args);
	return tu_str_of(text, (size_t)len);
}

void tu_tea_member_uuid(
	struct tu_tea *tea, const char *key, enum tu_tea_kind kind, struct tu_str public_id)
{
	char id[TU_UUID_DIGITS + 1] = "", text[TU_UUID_TEXT];
	struct tu_buf out = {.ptr = text, .cap = sizeof(text), .ceiling = sizeof(text)};

	if (public_id.len == TU_UUID_DIGITS)
		memcpy(id, public_id.ptr, TU_UUID_DIGITS);
	turn_id(kind, id);
	tu_uuid_write(tu_str_c(id), &out);
	tu_json_member_str(tea->json, key, tu_buf_str(&out));
}

void tu_tea_member_time(struct tu_tea *tea, const char *key, int64_t us)
{
	char text[32];
	struct tu_buf out = {.ptr = text, .cap = sizeof(text), .ceiling = sizeof(text)};

	tu_time_write(us / 1000000, &out);
	tu_json_member_str(tea->json, key, tu_buf_str(&out));
}
