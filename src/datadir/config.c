/* tutela.yaml. */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/input.h"
#include "base/yaml.h"
#include "datadir/inside.h"

enum { FILE_MAX = 64 * 1024, CONNECTIONS_MAX = 1000 };

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
};

static enum tu_status take_key(
	struct reader *reader, const struct tu_yaml *node, struct tu_error *err)
{
	for (size_t i = 0; i < TU_COUNT(keys); i++) {
		if (!tu_str_eq(node->key, keys[i].name))
			continue;
		if (node->kind != TU_YAML_SCALAR)
			return tu_yaml_fail(err, TU_E_SYNTAX, reader->file, node,
				"expected a text, found %s", tu_yaml_kind_name(node->kind));
		return keys[i].take(reader, node, (char *)reader->config + keys[i].at, err);
	}
	return tu_yaml_fail(err, TU_E_SYNTAX, reader->file, node,
		"unknown key \"%.*s\"; expected instance, database, direct, pooler or connections",
		TU_STR_FMT(tu_str_first(node->key, 80)));
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

	*out_config = (struct tu_datadir_config){0};
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
	status = text.failed ? tu_no_memory(err) : tu_file_write(path, tu_buf_str(&text), err);
	tu_buf_done(&text);
	return status;
}
