/* Every allocation fails once: bundles, states, accounts, configurations. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/fault.h"
#include "base/json.h"
#include "feed/sidecar.h"
#include "feed/source.h"
#include "feed/state.h"
#include "kb/bundle.h"

enum { MAX = 1 << 20, TRIES = 10000 };

static struct tu_str text_of(const char *text)
{
	static char padded[4096];

	memset(padded, 0, sizeof(padded));
	memcpy(padded, text, strlen(text));
	return tu_str_of(padded, strlen(text));
}

static enum tu_status bundle(void)
{
	struct tu_signing_key key = {.seed = {1}};
	struct tu_verifying_key half;
	const struct kb_bundle_parts parts = {
		.kb = TU_STR("TUTELAKB some text"), .sidecar = TU_STR("{}")};
	struct kb_bundle opened;
	struct tu_buf packed, unpacked;
	enum tu_status status = tu_ed25519_public(key.seed, key.public_key, NULL);

	memcpy(half.public_key, key.public_key, sizeof(half.public_key));
	tu_buf_init(&packed, MAX);
	tu_buf_init(&unpacked, MAX);
	if (status == TU_OK)
		status = tu_kb__bundle_write(&parts, &key, &packed, NULL);
	if (status == TU_OK)
		status = tu_kb__bundle_open(tu_buf_str(&packed), &half, &opened, NULL);
	if (status == TU_OK)
		status = tu_kb__bundle_unpack(&opened, TU_STR(""), &unpacked, NULL);
	if (status == TU_OK)
		assert_true(tu_str_eq(tu_buf_str(&unpacked), parts.kb));
	tu_buf_done(&packed);
	tu_buf_done(&unpacked);
	return status;
}

static enum tu_status state(void)
{
	static const char text[] =
		"{\"state_version\":1,\"last_success\":\"2026-11-01T00:00:00Z\",\"files\":[{"
		"\"name\":"
		"\"files/a\",\"bytes\":1,\"records\":2,\"etag\":\"e\"},{\"name\":\"files/b\","
		"\"bytes\":1,\"records\":2}]}";
	struct tu_arena *arena = tu_arena_new(0);
	struct tu_feed_state read;
	struct tu_buf out;
	enum tu_status status = TU_E_NOMEM;

	if (!arena)
		return TU_E_NOMEM;
	tu_buf_init(&out, MAX);
	if (tu_feed_state_init(arena, &read))
		status = tu_feed_state_read(text_of(text), &read, NULL);
	if (status == TU_OK) {
		tu_feed_state_write(&read, &out);
		status = out.failed ? TU_E_NOMEM : TU_OK;
	}
	tu_buf_done(&out);
	tu_feed_state_done(&read);
	tu_arena_free(arena);
	return status;
}

static enum tu_status account(void)
{
	static const char text[] = "{\"format\":\"tutela-kb-sources\",\"format_version\":1,"
				   "\"sources\":[{\"name\":\"nvd\","
				   "\"max_age\":1,\"records\":2,\"bytes\":3}]}";
	struct tu_arena *arena = tu_arena_new(0);
	const struct tu_sidecar *sidecar;
	enum tu_status status;

	if (!arena)
		return TU_E_NOMEM;
	status = tu_sidecar_read(arena, text_of(text), &sidecar, NULL);
	tu_arena_free(arena);
	return status;
}

static enum tu_status configuration(void)
{
	struct tu_arena *arena = tu_arena_new(0);
	struct tu_feed_config config;
	enum tu_status status = TU_E_NOMEM;

	if (!arena)
		return TU_E_NOMEM;
	if (tu_feed_config_init(arena, &config))
		status = tu_feed_config_apply(arena,
			TU_STR("mirror = https://m.example/\n[own]\nurl = https://a.example/x\n"),
			&config, NULL);
	tu_arena_free(arena);
	return status;
}

static void every_allocation_fails_once(void **ignored)
{
	static enum tu_status (*const parts[])(void) = {bundle, state, account, configuration};
	(void)ignored;

	for (size_t i = 0; i < TU_COUNT(parts); i++) {
		size_t nth = 1;

		for (; nth < TRIES; nth++) {
			enum tu_status status;
			size_t seen;

			tu_fault_set(nth);
			status = parts[i]();
			seen = tu_fault_count();
			tu_fault_set(0);
			if (seen < nth) {
				assert_int_equal(status, TU_OK);
				break;
			}
			if (status != TU_OK)
				assert_int_equal(status, TU_E_NOMEM);
		}
		assert_true(nth > 1 && nth < TRIES);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(every_allocation_fails_once)};

	return cmocka_run_group_tests_name("feed faults", tests, NULL, NULL);
}
