/*
 * Signs in at a provider of single sign-on, as the service does; the script is browser and user.
 *
 * usage: oidc_driver DATABASE ISSUER CLIENT_ID REDIRECT_URI [SECRET]
 *
 * Commands, a line each, "-" for an empty word:
 *   check                                            what tu_oidc_check() says, then "works yes|no"
 *   start                                            "url URL BROWSER"
 *   again SESSION                                    the same, to sign again in a session
 *   finish BROWSER CODE STATE ISS ERROR SESSION      "session TOKEN new|known", "proof",
 *                                                    "refused POINTER MESSAGE" or "error MESSAGE"
 *   sign SESSION                                     "may" or "may-not"
 *   link LOGIN SUBJECT
 *   clock SECONDS                                    add so much to the clock
 */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "access/oidc.h"
#include "access/signin.h"
#include "audit/trail.h"
#include "store/migrate.h"

enum { WORDS = 7, LINE = 8192, MEMORY = 1 << 20 };

static struct tu_store *store;
static struct tu_secret_key seal = {.bytes = {7}, .id = "0123456789abcdef"};
static struct tu_oidc *oidc;
static int64_t offset;

static int64_t now(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_REALTIME, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000 + offset;
}

static void say(enum tu_status status, const struct tu_error *err)
{
	if (!status)
		printf("ok\n");
	else if (status == TU_E_CONSTRAINT)
		printf("refused %s %s\n", err->pointer, err->message);
	else
		printf("error %s\n", err->message);
}

static struct tu_str word(const char *text)
{
	return text && strcmp(text, "-") != 0 ? tu_str_c(text) : TU_STR("");
}

static enum tu_status ask(
	const char *token, struct tu_arena *arena, struct tu_access *out, struct tu_error *err)
{
	char cookie[200];
	struct tu_access_request request = {
		.host = TU_STR("tutela.example"), .https = true, .at = now()};

	(void)snprintf(cookie, sizeof(cookie), "__Host-tutela=%s", token ? token : "");
	if (word(token).len)
		request.cookie = tu_str_c(cookie);
	return tu_access_ask(store, &request, arena, out, err);
}

static void start(const struct tu_access *again)
{
	const struct tu_access_base base = {store, &seal};
	struct tu_oidc_started started;
	struct tu_error err = {0};
	enum tu_status status;

	tu_buf_init(&started.url, 8192);
	status = tu_oidc_start(
		oidc, &base, &(const struct tu_oidc_start){again, now()}, &started, &err);
	if (status)
		say(status, &err);
	else
		printf("url %.*s %s\n", TU_STR_FMT(tu_buf_str(&started.url)), started.browser);
	tu_buf_done(&started.url);
}

static void finish(char *const words[WORDS], const struct tu_access *who)
{
	const struct tu_access_base base = {store, &seal};
	const struct tu_oidc_back back = {.browser = word(words[1]),
		.code = word(words[2]),
		.state = word(words[3]),
		.iss = word(words[4]),
		.error = word(words[5]),
		.who = who,
		.from = {TU_STR("127.0.0.1"), TU_STR("tutela.example"), TU_STR("test"), now()}};
	struct tu_oidc_done done;
	struct tu_error err = {0};
	enum tu_status status = tu_oidc_finish(oidc, &base, &back, &done, &err);

	if (status)
		say(status, &err);
	else if (done.proof.person)
		printf("proof\n");
	else
		printf("session %s %s\n", done.session.token, done.created ? "new" : "known");
}

static void check(void)
{
	struct tu_error err = {0};
	struct tu_buf out;
	bool works;

	tu_buf_init(&out, 10000);
	if (tu_oidc_check(oidc, &out, &works, &err))
		say(TU_E_NOMEM, &err);
	printf("%.*sworks %s\n", TU_STR_FMT(tu_buf_str(&out)), works ? "yes" : "no");
	tu_buf_done(&out);
}

static void link_account(char *const words[WORDS], struct tu_str issuer)
{
	const struct tu_audit_act act = {now(), TU_STR("setup"), TU_STR("")};
	const struct tu_person_new person = {
		.login = word(words[1]), .name = word(words[1]), .role = TU_PERSON_APPROVER};
	char public[TU_RANDOM_ID + 1];
	struct tu_error err = {0};
	enum tu_status status = tu_person_add(store, &person, &act, public, &err);

	if (!status)
		status = tu_oidc_link(store,
			&(const struct tu_oidc_link){word(words[1]), issuer, word(words[2])}, &act,
			&err);
	say(status, &err);
}

/* Words apart by a space; the last one of a line ends before its line feed. */
static void split(char *line, char *words[WORDS])
{
	line[strcspn(line, "\n")] = '\0';
	words[0] = line;
	for (int i = 0; i + 1 < WORDS && words[i]; i++) {
		char *space = strchr(words[i], ' ');

		if (space)
			*space = '\0';
		words[i + 1] = space ? space + 1 : NULL;
	}
}

static void move_clock(const char *seconds)
{
	struct tu_str text = tu_str_c(seconds);
	bool back = tu_str_skip(&text, TU_STR("-"));
	uint64_t value = 0;

	if (tu_str_to_u64(text, 1000000000, &value))
		offset += (back ? -(int64_t)value : (int64_t)value) * 1000000;
	printf("%lld\n", (long long)(offset / 1000000));
}

static void obey(char *line, struct tu_str issuer)
{
	struct tu_arena *arena = tu_arena_new(MEMORY);
	char *words[WORDS] = {NULL};
	struct tu_access who = {0};
	struct tu_proof proof;
	struct tu_error err = {0};

	split(line, words);
	if (strcmp(words[0], "check") == 0)
		check();
	else if (strcmp(words[0], "start") == 0)
		start(NULL);
	else if (strcmp(words[0], "again") == 0 && !ask(words[1], arena, &who, &err))
		start(&who);
	else if (strcmp(words[0], "finish") == 0 && !ask(words[6], arena, &who, &err))
		finish(words, &who);
	else if (strcmp(words[0], "sign") == 0 && !ask(words[1], arena, &who, &err))
		printf("%s\n", tu_prove_provider(&who, now(), &proof, NULL) ? "may-not" : "may");
	else if (strcmp(words[0], "link") == 0)
		link_account(words, issuer);
	else if (strcmp(words[0], "clock") == 0 && words[1])
		move_clock(words[1]);
	else
		printf("error %s\n", err.message[0] ? err.message : "what?");
	fflush(stdout);
	tu_arena_free(arena);
}

static enum tu_status open_all(
	const char *place, const struct tu_oidc_config *config, struct tu_error *err)
{
	const struct tu_store_options options = {.place = place};
	const struct tu_audit_act act = {now(), TU_STR("setup"), TU_STR("")};
	struct tu_migration_state state;
	enum tu_status status = tu_store_migrate(&options, now(), &state, err);

	if (!status)
		status = tu_store_open(&options, &store, err);
	if (!status)
		status = tu_audit_begin(store, &act, err);
	return status ? status : tu_oidc_new(config, &oidc, err);
}

int main(int argc, char **argv)
{
	static const struct tu_oidc_role roles[] = {
		{TU_STR_INIT("tutela-approvers"), TU_PERSON_APPROVER},
		{TU_STR_INIT("staff"), TU_PERSON_VIEWER}};
	struct tu_oidc_config config = {.scopes = TU_STR_INIT("openid profile email"),
		.groups_claim = TU_STR_INIT("groups"),
		.roles = roles,
		.role_count = TU_COUNT(roles)};
	struct tu_error err = {0};
	char line[LINE];

	if (argc < 5)
		return 2;
	config.issuer = tu_str_c(argv[2]);
	config.client_id = tu_str_c(argv[3]);
	config.redirect_uri = tu_str_c(argv[4]);
	config.client_secret = tu_str_c(argc > 5 ? argv[5] : "");
	if (open_all(argv[1], &config, &err)) {
		fprintf(stderr, "oidc_driver: %s\n", err.message);
		return 1;
	}
	printf("ready\n");
	fflush(stdout);
	while (fgets(line, sizeof(line), stdin))
		obey(line, config.issuer);
	tu_oidc_free(oidc);
	tu_store_close(store);
	return 0;
}
