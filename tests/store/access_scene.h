/* What the tests of src/access have in common: a store with one person, sign-ins, who asks. */
#ifndef TESTS_STORE_ACCESS_SCENE_H
#define TESTS_STORE_ACCESS_SCENE_H

#include "tests/store/audit_scene.h"

#include "access/backoff.h"
#include "access/factor.h"
#include "access/session.h"
#include "access/signin.h"
#include "access/totp.h"
#include "audit/key.h"
#include "audit/team.h"

#define PASSWORD "correct horse battery"
#define SECOND INT64_C(1000000)
#define MINUTE (60 * SECOND)
#define HOUR (60 * MINUTE)
#define HOST "pumps.example.org"

static struct tu_store *store;
static struct tu_secret_key seal = {.bytes = {1, 2, 3}, .id = "0123456789abcdef"};
static struct tu_access_base base;
static struct tu_arena *arena;
static char ann[TU_RANDOM_ID + 1];
static int64_t now;

static inline void add_person(
	const char *login, enum tu_person_role role, char out[TU_RANDOM_ID + 1])
{
	const struct tu_person_new person = {.login = tu_str_c(login),
		.name = TU_STR("Some Body"),
		.role = role,
		.password = TU_STR(PASSWORD)};

	assert_ok(tu_person_add(store, &person, &scene_act, out, error));
}

static inline void open_with_ann(void)
{
	store = scene_audit(1);
	base = (struct tu_access_base){store, &seal};
	arena = tu_arena_new(1 << 20);
	assert_non_null(arena);
	now = SCENE_AT;
	add_person("ann", TU_PERSON_APPROVER, ann);
}

static inline void close_all(void)
{
	assert_int_equal(scene_judge(store, &scene_nobody).fault, TU_LEDGER_SOUND);
	tu_arena_free(arena);
	scene_close(store);
}

static inline size_t in_ledger(const char *text)
{
	struct tu_sink out;
	struct tu_str rest;
	int64_t records;
	size_t count = 0;

	tu_sink_init_memory(&out, 1 << 20);
	assert_ok(tu_audit_export(store, &out, &records, error));
	rest = tu_buf_str(&out.buf);
	for (size_t at; (at = tu_str_search(rest, tu_str_c(text))) < rest.len; count++)
		rest = tu_str_from(rest, at + 1);
	tu_sink_done(&out);
	return count;
}

static inline struct tu_signin with(const char *login, const char *password, const char *code)
{
	return (struct tu_signin){.login = tu_str_c(login),
		.password = tu_str_c(password),
		.code = tu_str_c(code),
		.from = {TU_STR("192.0.2.7"), TU_STR(HOST), TU_STR("a browser"), now}};
}

/* The pointer of the refusal; "" when it is none. */
static inline const char *tried(enum tu_status status, const struct tu_error *err)
{
	static char pointer[sizeof(err->pointer)];

	assert_true(status == TU_OK || status == TU_E_CONSTRAINT || status == TU_E_BUSY);
	(void)snprintf(pointer, sizeof(pointer), "%s", status ? err->pointer : "");
	return pointer;
}

static inline const char *sign_in(
	const char *login, const char *password, const char *code, struct tu_signin_done *out)
{
	const struct tu_signin signin = with(login, password, code);
	struct tu_error err = {0};

	return tried(tu_signin(&base, &signin, out, &err), &err);
}

static inline struct tu_access_request request_of(const struct tu_session_made *session)
{
	static char cookie[200];

	(void)snprintf(cookie, sizeof(cookie), "__Host-tutela=%s", session->token);
	return (struct tu_access_request){
		.cookie = tu_str_c(cookie), .host = TU_STR(HOST), .https = true, .at = now};
}

static inline const char *ask(const struct tu_access_request *request, struct tu_access *out)
{
	struct tu_error err = {0};
	enum tu_status status = tu_access_ask(store, request, arena, out, &err);

	assert_int_equal(status != TU_OK,
		out->by == TU_ACCESS_NOBODY && (request->cookie.len || request->api_key.len));
	return tried(status, &err);
}

static inline struct tu_access who_of(const struct tu_session_made *session)
{
	struct tu_access_request request = request_of(session);
	struct tu_access who;

	assert_string_equal(ask(&request, &who), "");
	return who;
}

#endif
