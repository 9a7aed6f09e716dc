/* The data folder: one owner, one way to reach it, secrets, backups before migrations. */
#define _XOPEN_SOURCE 700
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <sys/stat.h>

#include "tests/support/datadir_scene.h"

#include "datadir/calls.h"
#include "datadir/control.h"
#include "datadir/inside.h"
#include "datadir/reach.h"
#include "store/engine.h"
#include "store/migrate.h"

/* From now on through the pooler, where there is one. */
static void use_pooler(const char *folder, const char *instance)
{
	const char *pooler = getenv("TUTELA_STORE_POOLER");
	struct tu_datadir_config config = {.instance = instance,
		.database = pooler,
		.direct = scene_direct(),
		.pooler = true,
		.settings = tu_datadir__settings};
	char name[TU_PATH_MAX];

	assert_true(tu_datadir__join(folder, TU_CONFIG_FILE, name));
	if (pooler)
		assert_ok(tu_datadir__config_write(name, &config, error));
}

static void make(char out_instance[TU_INSTANCE + 1])
{
	clear(data);
	assert_ok(tu_datadir_init(&host, data, place(), out_instance, error));
	use_pooler(data, out_instance);
}

static void write_config(const char *text)
{
	char name[TU_PATH_MAX];
	FILE *file;

	assert_true(tu_datadir__join(data, TU_CONFIG_FILE, name));
	file = fopen(name, "w");
	assert_non_null(file);
	(void)fputs(text, file);
	(void)fclose(file);
}

/* ---- tests ---- */

static void one_owner(void **state)
{
	char instance[TU_INSTANCE + 1], pid[24];
	struct tu_datadir *dir, *second;
	struct tu_store *store;
	struct tu_error err = {0};
	struct stat info;

	(void)state;
	make(instance);
	assert_int_equal(stat(data, &info), 0);
	assert_int_equal(info.st_mode & 0777, 0700);
	dir = open_data();
	assert_string_equal(tu_datadir_instance(dir), instance);
	assert_ok(tu_datadir_store(dir, &store, error));
	assert_int_equal(tu_datadir_open(&host, data, &second, &err), TU_E_BUSY);
	(void)snprintf(pid, sizeof(pid), "process %ld", (long)getpid());
	assert_non_null(strstr(err.message, pid));
	assert_non_null(strstr(err.message, "the test"));
	tu_datadir_close(dir);
	tu_datadir_close(open_data());
	assert_int_equal(tu_datadir_init(&host, data, place(), instance, &err), TU_E_CONFLICT);
	clear(data);
}

static void a_place_in_use_is_not_taken(void **state)
{
	char instance[TU_INSTANCE + 1], other[220];
	struct tu_error err = {0};

	(void)state;
	if (is_sqlite())
		skip();
	make(instance);
	(void)snprintf(other, sizeof(other), "%s-2", data);
	assert_int_equal(tu_datadir_init(&host, other, place(), instance, &err), TU_E_CONFLICT);
	assert_int_not_equal(access(other, F_OK), 0);
	clear(data);
}

static void the_configuration_is_read_strictly(void **state)
{
#define ID "instance: 00112233445566778899aabbccddeeff\n"
	static const struct {
		const char *text, *says;
		size_t line;
	} rows[] = {
		{ID "database: tutela.db\ndatabse: x\n", "unknown key \"databse\"", 3},
		{ID "database: tutela.db\ndemonstration: yes\n",
			"demonstration is \"on\" or \"off\"", 3},
		{ID "database: ../other.db\n", "a file in this folder", 2},
		{ID "database: [a]\n", "expected a text", 2},
		{ID "database: a\npooler: session\n", "\"none\" or \"transaction\"", 3},
		{ID "database: a\nconnections: 0\n", "from 1 to", 3},
		{ID, "\"database\" is missing", 1},
		{"database: tutela.db\n", "\"instance\"", 1},
		{"instance: 12\ndatabase: tutela.db\n", "\"instance\"", 1},
		{"- a\n", "expected keys", 1},
	};
	char instance[TU_INSTANCE + 1];
	struct tu_datadir *dir;

	(void)state;
	make(instance);
	for (size_t i = 0; i < TU_COUNT(rows); i++) {
		struct tu_error err = {0};

		write_config(rows[i].text);
		assert_int_equal(tu_datadir_open(&host, data, &dir, &err), TU_E_SYNTAX);
		assert_int_equal(err.line, rows[i].line);
		if (!strstr(err.message, rows[i].says))
			fail_msg("%s: %s", rows[i].text, err.message);
	}
	clear(data);
}

static void another_database_is_refused(void **state)
{
	char instance[TU_INSTANCE + 1], text[600];
	struct tu_datadir *dir;
	struct tu_store *store;
	struct tu_error err = {0};

	(void)state;
	make(instance);
	(void)snprintf(text, sizeof(text), ID "database: %s\n", place() ? place() : "tutela.db");
	write_config(text);
	dir = open_data();
	assert_int_equal(tu_datadir_store(dir, &store, &err), TU_E_CONFLICT);
	assert_non_null(strstr(err.message, instance));
	tu_datadir_close(dir);
	clear(data);
}

/* How much of the disk is free changes meanwhile. */
static void forget_disk(struct tu_buf *answer)
{
	struct tu_str text = tu_buf_str(answer);
	size_t from = tu_str_search(text, TU_STR("\"disk\"")),
	       to = tu_str_search(text, TU_STR(" are free"));

	if (to < text.len && from < to) {
		memmove(answer->ptr + from, answer->ptr + to, text.len - to);
		answer->len -= to - from;
	}
}

/* Two folders from one backup, at one time: every call answers the same, in this process and by the
 * socket, and fails the same. */
static const char *const asked[] = {
	"status", "doctor", "backup", "doctor", "ledger.export", "erase", "nonsense"};
enum { ASKED = TU_COUNT(asked) };

struct answers {
	struct tu_buf text[ASKED];
	struct tu_error error[ASKED];
};

static void restore(int fd, const char *instance)
{
	const struct tu_datadir_new fresh = {data, place()};
	struct tu_backup backup;

	clear(data);
	assert_ok(tu_datadir_restore(&host, fd, &fresh, &backup, error));
	if (instance)
		use_pooler(data, instance);
}

/* What a layer above adds: it says whether a service runs it, and may fail. */
static enum tu_status run_above(struct tu_datadir *dir, const struct tu_call_in *in,
	struct tu_buf *out_answer, struct tu_error *err)
{
	if (!tu_json_is_string(tu_json_get(in->arguments, TU_STR("word"))))
		return tu_fail(err, TU_E_SYNTAX, 7, "a word is missing");
	tu_buf_printf(out_answer, "{\"word\":\"%.*s\",\"hosted\":%s,\"instance\":\"%s\"}",
		TU_STR_FMT(TU_JSON_STR(in->arguments, "word")), in->host ? "true" : "false",
		tu_datadir_instance(dir));
	return TU_OK;
}

static const struct tu_call above[] = {{"above", false, run_above}};
static const struct tu_call_table above_calls = {above, TU_COUNT(above)};
static const struct tu_call_table *const both_tables[] = {&tu_datadir_calls, &above_calls};
static const struct tu_calls both = {both_tables, TU_COUNT(both_tables), NULL};

static void ask_all(bool by_socket, struct answers *out)
{
	struct tu_datadir *dir = by_socket ? open_data() : NULL;
	struct tu_control *control = NULL;
	struct tu_reach *reach = NULL;

	if (by_socket)
		assert_ok(tu_control_start(dir, &both, &control, error));
	assert_ok(tu_datadir_reach(&host, data, &both, &reach, error));
	assert_int_equal(tu_reach_own(reach) == NULL, by_socket);
	for (size_t i = 0; i < ASKED; i++) {
		const struct tu_reach_ask ask = {.call = asked[i], .fd = scene_file()};

		tu_buf_init(&out->text[i], 1 << 20);
		(void)!tu_reach_call(reach, &ask, &out->text[i], &out->error[i]);
		(void)close(ask.fd);
		forget_disk(&out->text[i]);
	}
	tu_reach_end(reach);
	tu_control_stop(control);
	tu_datadir_close(dir);
}

static void compare(struct answers *here, struct answers *there)
{
	for (size_t i = 0; i < ASKED; i++) {
		struct tu_str a = tu_buf_str(&here->text[i]), b = tu_buf_str(&there->text[i]);

		if (!tu_str_eq(a, b))
			fail_msg("%s: %.*s, %.*s", asked[i], TU_STR_FMT(a), TU_STR_FMT(b));
		assert_int_equal(a.len > 0, here->error[i].status == TU_OK);
		assert_int_equal(here->error[i].status, there->error[i].status);
		assert_string_equal(here->error[i].message, there->error[i].message);
		tu_buf_done(&here->text[i]);
		tu_buf_done(&there->text[i]);
	}
	assert_int_equal(here->error[ASKED - 1].status, TU_E_USAGE);
	assert_int_equal(here->error[ASKED - 2].status, TU_E_USAGE);
	assert_int_equal(here->error[ASKED - 3].status, TU_OK);
}

static void the_same_by_both_ways(void **state)
{
	static struct answers answers[2];
	char instance[TU_INSTANCE + 1];
	struct tu_backup backup;
	struct tu_datadir *dir;
	int fd = scene_file();

	(void)state;
	make(instance);
	dir = open_data();
	assert_ok(tu_datadir_backup(dir, fd, &backup, error));
	tu_datadir_close(dir);
	for (int way = 0; way < 2; way++) {
		restore(fd, instance);
		ask_all(way, &answers[way]);
	}
	compare(&answers[0], &answers[1]);
	(void)close(fd);
	clear(data);
}

/* A layer above adds calls; each is run with the host of its process. */
static void calls_from_above(void **state)
{
	char instance[TU_INSTANCE + 1], expected[200];
	struct tu_calls hosted = both;
	struct tu_control *control = NULL;
	struct tu_datadir *dir = NULL;
	struct tu_reach *reach;
	struct tu_buf answer;
	struct tu_error err = {0};

	(void)state;
	make(instance);
	hosted.host = instance;
	tu_buf_init(&answer, 1000);
	for (int by_socket = 0; by_socket < 2; by_socket++) {
		struct tu_reach_ask ask = {"above", TU_STR("{\"word\":\"sedge\"}"), -1, 0};

		if (by_socket) {
			dir = open_data();
			assert_ok(tu_control_start(dir, &hosted, &control, error));
		}
		assert_ok(tu_datadir_reach(&host, data, &both, &reach, error));
		tu_buf_clear(&answer);
		assert_ok(tu_reach_call(reach, &ask, &answer, error));
		(void)snprintf(expected, sizeof(expected),
			"{\"word\":\"sedge\",\"hosted\":%s,\"instance\":\"%s\"}",
			by_socket ? "true" : "false", instance);
		assert_true(tu_str_eq(tu_buf_str(&answer), tu_str_c(expected)));
		ask.arguments = (struct tu_str){0};
		assert_int_equal(tu_reach_call(reach, &ask, &answer, &err), TU_E_SYNTAX);
		assert_string_equal(err.message, "a word is missing");
		assert_int_equal(err.offset, 7);
		tu_reach_end(reach);
	}
	tu_control_stop(control);
	tu_datadir_close(dir);
	tu_buf_done(&answer);
	clear(data);
}

struct secret_work {
	struct tu_secret_key key;
	struct tu_buf out;
	const char *name, *value; /* value NULL: get */
};

static enum tu_status secret_tx(struct tu_tx *tx, void *self, struct tu_error *err)
{
	struct secret_work *work = self;

	if (work->value)
		return tu_secret_put(tx, &work->key,
			&(struct tu_secret){tu_str_c(work->name), tu_str_c(work->value), clock_us},
			err);
	tu_buf_clear(&work->out);
	return tu_secret_get(tx, &work->key, tu_str_c(work->name), &work->out, err);
}

static enum tu_status secret(
	struct tu_store *store, struct secret_work *work, const char *name, const char *value)
{
	struct tu_error err = {0};
	enum tu_status status;

	work->name = name;
	work->value = value;
	status = tu_store_run(store, value ? TU_TX_WRITE : TU_TX_READ, secret_tx, work, &err);
	if (status == TU_E_CONFLICT)
		assert_non_null(strstr(err.message, work->key.id));
	return status;
}

static bool file_contains(int fd, const void *bytes, size_t len)
{
	static char whole[1 << 20];
	ssize_t size = pread(fd, whole, sizeof(whole), 0);

	return size > 0 &&
		tu_str_search(tu_str_of(whole, (size_t)size), tu_str_of(bytes, len)) < (size_t)size;
}

static void secrets(void **state)
{
	char instance[TU_INSTANCE + 1];
	struct secret_work work = {0};
	struct tu_datadir *dir;
	struct tu_store *store;
	struct tu_backup backup;
	int fd = scene_file();

	(void)state;
	make(instance);
	dir = open_data();
	tu_buf_init(&work.out, 1000);
	assert_ok(tu_datadir_store(dir, &store, error));
	assert_ok(tu_datadir_secret_key(dir, &work.key, error));
	assert_int_equal(secret(store, &work, "mail", NULL), TU_E_NOTFOUND);
	assert_int_equal(secret(store, &work, "mail", "first"), TU_OK);
	assert_int_equal(secret(store, &work, "mail", "correct horse"), TU_OK);
	assert_int_equal(secret(store, &work, "mail", NULL), TU_OK);
	assert_true(tu_str_eq(tu_buf_str(&work.out), TU_STR("correct horse")));
	assert_ok(tu_datadir_backup(dir, fd, &backup, error));
	assert_int_equal(backup.secrets, 1);
	assert_false(file_contains(fd, work.key.bytes, sizeof(work.key.bytes)));
	/* a box under another name, a box with a bit flipped, another key */
	scene_script(store,
		"INSERT INTO secret (name, key_id, nonce, box, changed)"
		" SELECT 'web', key_id, nonce, box, changed FROM secret");
	assert_int_equal(secret(store, &work, "web", NULL), TU_E_CORRUPT);
	scene_script(store,
		"UPDATE secret SET box = (SELECT nonce FROM secret WHERE name = 'mail')"
		" WHERE name = 'web'");
	assert_int_equal(secret(store, &work, "web", NULL), TU_E_CORRUPT);
	work.key.bytes[0] ^= 1;
	work.key.id[0] = work.key.id[0] == 'a' ? 'b' : 'a';
	assert_int_equal(secret(store, &work, "mail", NULL), TU_E_CONFLICT);
	tu_buf_done(&work.out);
	tu_datadir_close(dir);
	/* what is restored elsewhere has no key until somebody brings it */
	restore(fd, NULL);
	dir = open_data();
	{
		struct tu_error err = {0};

		assert_int_equal(tu_datadir_secret_key(dir, &work.key, &err), TU_E_NOTFOUND);
	}
	tu_datadir_close(dir);
	(void)close(fd);
	clear(data);
}

static void three_are_kept(void **state)
{
	static struct tu_kept kept[5];
	char instance[TU_INSTANCE + 1];
	struct tu_datadir *dir;

	(void)state;
	make(instance);
	dir = open_data();
	for (int i = 0; i < 5; i++) {
		clock_us += 3600 * (int64_t)1000000;
		assert_ok(tu_datadir__keep_before(dir, 1, &kept[i], error));
		tu_datadir__drop_old(dir);
	}
	for (int i = 0; i < 5; i++)
		assert_int_equal(access(kept[i].path, F_OK) == 0, i >= 2);
	tu_datadir_close(dir);
	clear(data);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_owner),
		cmocka_unit_test(a_place_in_use_is_not_taken),
		cmocka_unit_test(the_configuration_is_read_strictly),
		cmocka_unit_test(another_database_is_refused),
		cmocka_unit_test(the_same_by_both_ways),
		cmocka_unit_test(calls_from_above),
		cmocka_unit_test(secrets),
		cmocka_unit_test(three_are_kept),
	};

	return cmocka_run_group_tests(tests, make_root, remove_root);
}
