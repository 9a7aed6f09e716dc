/* tutela.yaml. */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/input.h"
#include "base/yaml.h"
#include "datadir/inside.h"

enum { FILE_MAX = 64 * 1024, CONNECTIONS_MAX = 1000, WORKERS = 2, BUILDS = 20, DAY = 24 * 60 * 60 };
enum { INTERVAL_MAX = 366 * DAY };

struct reader {
	struct tu_arena *arena;
	struct tu_str file;
	struct tu_datadir_config *config;
};

typedef enum tu_status take_value(
	struct reader *reader, const struct tu_yaml *node, void *slot, struct tu_error *err);

static enum tu_status take_text(
	struct reader *reader, const struct tu_yaml *node, void *slot, struct tu_error *err)
{
	char *text = tu_arena_text(reader->arena, node->text.len + 1);

	if (!text)
		return tu_no_memory(err);
	if (!node->text.len || tu_str_find(node->text, '\0') < node->text.len)
		return tu_yaml_fail(err, TU_E_SYNTAX, reader->file, node, "expected a text");
	memcpy(text, node->text.ptr, node->text.len);
	text[node->text.len] = '\0';
	*(const char **)slot = text;
	return TU_OK;
}

static enum tu_status take_pooler(
	struct reader *reader, const struct tu_yaml *node, void *slot, struct tu_error *err)
{
	bool is_none = tu_str_eq(node->text, TU_STR("none"));

	*(bool *)slot = tu_str_eq(node->text, TU_STR("transaction"));
	return is_none || *(bool *)slot ? TU_OK
					: tu_yaml_fail(err, TU_E_SYNTAX, reader->file, node,
						  "pooler is \"none\" or \"transaction\"");
}

static enum tu_status take_number(
	struct reader *reader, const struct tu_yaml *node, void *slot, struct tu_error *err)
{
	uint64_t number;

	if (!tu_str_to_u64(node->text, CONNECTIONS_MAX, &number) || !number)
		return tu_yaml_fail(err, TU_E_SYNTAX, reader->file, node,
			"expected a number from 1 to %d", CONNECTIONS_MAX);
	*(unsigned *)slot = (unsigned)number;
	return TU_OK;
}

static enum tu_status take_on_off(
	struct reader *reader, const struct tu_yaml *node, void *slot, struct tu_error *err)
{
	bool is_on = tu_str_eq(node->text, TU_STR("on"));

	*(bool *)slot = tu_str_eq(node->text, TU_STR("off"));
	return is_on || *(bool *)slot ? TU_OK
				      : tu_yaml_fail(err, TU_E_SYNTAX, reader->file, node,
						"%.*s is \"on\" or \"off\"", TU_STR_FMT(node->key));
}

static enum tu_status take_demonstration(
	struct reader *reader, const struct tu_yaml *node, void *slot, struct tu_error *err)
{
	bool off = false;
	enum tu_status status = take_on_off(reader, node, &off, err);

	*(bool *)slot = !off;
	return status;
}

/* Largest first: an interval is written with the largest that fits. */
static const struct {
	char unit;
	int64_t seconds;
} units[] = {{'d', DAY}, {'h', 60 * 60}, {'m', 60}, {'s', 1}};

/* "6h": a number and a unit; "off": 0. */
static enum tu_status take_interval(
	struct reader *reader, const struct tu_yaml *node, void *slot, struct tu_error *err)
{
	struct tu_str rest = node->text, digits = tu_str_digits(&rest);
	uint64_t number = 0;

	*(int64_t *)slot = 0;
	if (tu_str_eq(node->text, TU_STR("off")))
		return TU_OK;
	if (digits.len && rest.len == 1 && tu_str_to_u64(digits, INTERVAL_MAX, &number)) {
		for (size_t i = 0; i < TU_COUNT(units); i++)
			if (rest.ptr[0] == units[i].unit)
				*(int64_t *)slot = (int64_t)number * units[i].seconds;
	}
	return *(int64_t *)slot && *(int64_t *)slot <= INTERVAL_MAX
		? TU_OK
		: tu_yaml_fail(err, TU_E_SYNTAX, reader->file, node,
			  "%.*s is \"off\" or an interval such as 30m, 6h or 1d, of at most a year",
			  TU_STR_FMT(node->key));
}

static const char *const nets[] = {"loopback", "link-local", "private"};

/* "loopback private" */
static enum tu_status take_nets(
	struct reader *reader, const struct tu_yaml *node, void *slot, struct tu_error *err)
{
	struct tu_str rest = node->text, word;
	unsigned set = 0, count = 0;

	while (tu_str_split(&rest, ' ', &word)) {
		size_t i = 0;

		while (i < TU_COUNT(nets) && !tu_str_eq(word, tu_str_c(nets[i])))
			i++;
		if (i < TU_COUNT(nets))
			set |= 1u << i;
		count += i < TU_COUNT(nets) ? 0 : 1;
	}
	*(unsigned *)slot = set;
	return count ? tu_yaml_fail(err, TU_E_SYNTAX, reader->file, node,
			       "webhooks is what they may go to beside public addresses: words "
			       "of \"loopback\", \"link-local\", \"private\"")
		     : TU_OK;
}

static enum tu_status take_file(
	struct reader *reader, const struct tu_yaml *node, void *slot, struct tu_error *err)
{
	if (!node->text.len || node->text.len >= TU_DATADIR_CERTIFICATES ||
		tu_str_find(node->text, '\0') < node->text.len || node->text.ptr[0] != '/')
		return tu_yaml_fail(err, TU_E_SYNTAX, reader->file, node,
			"expected the whole path of a file, of at most 255 bytes");
	memcpy(slot, node->text.ptr, node->text.len);
	((char *)slot)[node->text.len] = '\0';
	return TU_OK;
}

static const struct {
	struct tu_str name;
	take_value *take;
	size_t at;
} keys[] = {
	{TU_STR_INIT("instance"), take_text, offsetof(struct tu_datadir_config, instance)},
	{TU_STR_INIT("database"), take_text, offsetof(struct tu_datadir_config, database)},
	{TU_STR_INIT("direct"), take_text, offsetof(struct tu_datadir_config, direct)},
	{TU_STR_INIT("pooler"), take_pooler, offsetof(struct tu_datadir_config, pooler)},
	{TU_STR_INIT("connections"), take_number, offsetof(struct tu_datadir_config, connections)},
	{TU_STR_INIT("sandbox"), take_on_off,
		offsetof(struct tu_datadir_config, settings.sandbox_off)},
	{TU_STR_INIT("demonstration"), take_demonstration,
		offsetof(struct tu_datadir_config, settings.demonstration)},
	{TU_STR_INIT("workers"), take_number, offsetof(struct tu_datadir_config, settings.workers)},
	{TU_STR_INIT("checkpoint"), take_interval,
		offsetof(struct tu_datadir_config, settings.checkpoint)},
	{TU_STR_INIT("backup"), take_interval, offsetof(struct tu_datadir_config, settings.backup)},
	{TU_STR_INIT("sync"), take_interval, offsetof(struct tu_datadir_config, settings.sync)},
	{TU_STR_INIT("builds"), take_number, offsetof(struct tu_datadir_config, settings.builds)},
	{TU_STR_INIT("webhooks"), take_nets, offsetof(struct tu_datadir_config, settings.webhooks)},
	{TU_STR_INIT("certificates"), take_file,
		offsetof(struct tu_datadir_config, settings.certificates)},
};

const struct tu_datadir_settings tu_datadir__settings = {
	.workers = WORKERS, .checkpoint = DAY, .builds = BUILDS};

/* "instance, database, …" */
static const char *names_of_keys(char out[300])
{
	struct tu_buf text = {.ptr = out, .cap = 299, .ceiling = 299};

	for (size_t i = 0; i < TU_COUNT(keys); i++)
		tu_buf_printf(&text, "%s%.*s", i ? i + 1 < TU_COUNT(keys) ? ", " : " or " : "",
			TU_STR_FMT(keys[i].name));
	out[text.len < 299 ? text.len : 299] = '\0';
	return out;
}

static enum tu_status take_key(
	struct reader *reader, const struct tu_yaml *node, struct tu_error *err)
{
	char names[300];

	for (size_t i = 0; i < TU_COUNT(keys); i++) {
		if (!tu_str_eq(node->key, keys[i].name))
			continue;
		if (node->kind != TU_YAML_SCALAR)
			return tu_yaml_fail(err, TU_E_SYNTAX, reader->file, node,
				"expected a text, found %s", tu_yaml_kind_name(node->kind));
		return keys[i].take(reader, node, (char *)reader->config + keys[i].at, err);
	}
	return tu_yaml_fail(err, TU_E_SYNTAX, reader->file, node,
		"unknown key \"%.*s\"; expected %s", TU_STR_FMT(tu_str_first(node->key, 80)),
		names_of_keys(names));
}

static enum tu_status check(const struct reader *reader, const struct tu_yaml *root,
	const struct tu_datadir_config *config, struct tu_error *err)
{
	const struct tu_yaml *node = tu_yaml_get(root, TU_STR("database"));

	if (!config->instance || strlen(config->instance) != TU_INSTANCE)
		return tu_yaml_fail(err, TU_E_SYNTAX, reader->file, root,
			"\"instance\", the id of the database, is missing or has not 32 digits");
	if (!config->database)
		return tu_yaml_fail(
			err, TU_E_SYNTAX, reader->file, root, "\"database\" is missing");
	if (tu_store_engine_of(tu_str_c(config->database)) == TU_STORE_SQLITE &&
		strchr(config->database, '/'))
		return tu_yaml_fail(err, TU_E_SYNTAX, reader->file, node,
			"database is the name of a file in this folder, or postgresql://…");
	return TU_OK;
}

static enum tu_status read_text(struct reader *reader, struct tu_str text, struct tu_error *err)
{
	const struct tu_yaml *root;
	enum tu_status status = tu_yaml_parse(reader->arena, reader->file, text, NULL, &root, err);

	if (status)
		return status;
	if (root->kind != TU_YAML_MAP)
		return tu_yaml_fail(err, TU_E_SYNTAX, reader->file, root,
			"expected keys and values, found %s", tu_yaml_kind_name(root->kind));
	for (const struct tu_yaml *node = root->first; !status && node; node = node->next)
		status = take_key(reader, node, err);
	return status ? status : check(reader, root, reader->config, err);
}

enum tu_status tu_datadir__config_read(struct tu_arena *arena, const char *path,
	struct tu_datadir_config *out_config, struct tu_error *err)
{
	struct reader reader = {arena, tu_str_c(path), out_config};
	struct tu_buf text;
	enum tu_status status;

	*out_config = (struct tu_datadir_config){.settings = tu_datadir__settings};
	tu_buf_init(&text, FILE_MAX);
	status = tu_input_read(path, &text, err);
	if (!status)
		status = read_text(&reader, tu_buf_str(&text), err);
	tu_buf_done(&text);
	return status;
}

static void add(struct tu_buf *out, const char *key, const char *value)
{
	if (!value)
		return;
	tu_buf_printf(out, "%s: ", key);
	tu_yaml_write_scalar(tu_str_c(value), 2, out);
	tu_buf_byte(out, '\n');
}

static void add_interval(struct tu_buf *out, const char *key, int64_t seconds, int64_t standard)
{
	if (seconds == standard)
		return;
	for (size_t i = 0; seconds && i < TU_COUNT(units); i++) {
		if (seconds % units[i].seconds)
			continue;
		tu_buf_printf(out, "%s: %lld%c\n", key, (long long)(seconds / units[i].seconds),
			units[i].unit);
		return;
	}
	add(out, key, "off");
}

/* What is not as it is without being stated. */
static void add_settings(struct tu_buf *out, const struct tu_datadir_settings *settings)
{
	const struct tu_datadir_settings *standard = &tu_datadir__settings;

	add(out, "sandbox", settings->sandbox_off ? "off" : NULL);
	add(out, "demonstration", settings->demonstration ? "on" : NULL);
	if (settings->workers != standard->workers)
		tu_buf_printf(out, "workers: %u\n", settings->workers);
	add_interval(out, "checkpoint", settings->checkpoint, standard->checkpoint);
	add_interval(out, "backup", settings->backup, standard->backup);
	add_interval(out, "sync", settings->sync, standard->sync);
	if (settings->builds != standard->builds)
		tu_buf_printf(out, "builds: %u\n", settings->builds);
	if (settings->webhooks) {
		tu_buf_c(out, "webhooks:");
		for (size_t i = 0; i < TU_COUNT(nets); i++)
			if (settings->webhooks & 1u << i)
				tu_buf_printf(out, " %s", nets[i]);
		tu_buf_byte(out, '\n');
	}
	add(out, "certificates", settings->certificates[0] ? settings->certificates : NULL);
}

enum tu_status tu_datadir__config_write(
	const char *path, const struct tu_datadir_config *config, struct tu_error *err)
{
	struct tu_buf text;
	enum tu_status status;

	tu_buf_init(&text, FILE_MAX);
	tu_buf_c(&text,
		"# Which database this folder is for; docs/operations.md. It may contain a "
		"password.\n");
	add(&text, "instance", config->instance);
	add(&text, "database", config->database);
	add(&text, "pooler", config->pooler ? "transaction" : NULL);
	add(&text, "direct", config->direct);
	if (config->connections)
		tu_buf_printf(&text, "connections: %u\n", config->connections);
	add_settings(&text, &config->settings);
	status = text.failed ? tu_no_memory(err) : tu_file_write(path, tu_buf_str(&text), err);
	tu_buf_done(&text);
	return status;
}

const struct tu_datadir_settings *tu_datadir_settings(const struct tu_datadir *dir)
{
	return &dir->config.settings;
}

enum tu_status tu_datadir_settings_read(const struct tu_datadir *dir,
	struct tu_datadir_settings *out_settings, struct tu_error *err)
{
	struct tu_arena *arena = tu_arena_new(4 << 20);
	struct tu_datadir_config config = {.settings = tu_datadir__settings};
	char name[TU_PATH_MAX];
	enum tu_status status = TU_OK;

	if (!arena)
		return tu_no_memory(err);
	if (tu_datadir_path(dir, TU_CONFIG_FILE, name, sizeof(name)))
		status = tu_datadir__config_read(arena, name, &config, err);
	if (!status)
		*out_settings = config.settings;
	tu_arena_free(arena);
	return status;
}
