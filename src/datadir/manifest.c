#include <stdio.h>
#include <string.h>

#include "base/hex.h"
#include "base/json.h"
#include "base/json_writer.h"
#include "datadir/manifest.h"
#include "store/migrate.h"

/* As the format spells them, by enum tu_value_type. */
static const char *const type_words[] = {[TU_VALUE_INT] = "integer", "text", "bytes"};

/* ---- writing ---- */

static void write_table(struct tu_json_writer *json, const struct tu_table *table)
{
	tu_json_open_object(json);
	tu_json_member_str(json, "name", table->name);
	tu_json_key(json, "columns");
	tu_json_open_array(json);
	for (size_t i = 0; i < table->column_count; i++) {
		tu_json_open_array(json);
		tu_json_add_str(json, table->columns[i].name);
		tu_json_add_str(json, tu_str_c(type_words[table->columns[i].type]));
		tu_json_close_array(json);
	}
	tu_json_close_array(json);
	tu_json_close_object(json);
}

static void write_ledger(struct tu_json_writer *json, const struct tu_backup *backup)
{
	size_t start;

	tu_json_key(json, "ledger");
	tu_json_open_object(json);
	tu_json_member_int(json, "n", backup->head);
	tu_json_key(json, "hash");
	start = tu_json_open_text(json);
	tu_hex_write(backup->head_hash, sizeof(backup->head_hash), json->buf);
	tu_json_close_text(json, start);
	tu_json_close_object(json);
}

void tu_manifest_write(
	const struct tu_backup *backup, const struct tu_tables *tables, struct tu_buf *out)
{
	struct tu_json_writer json = tu_json_writer(out, false);

	tu_json_open_object(&json);
	tu_json_member_str(&json, "instance", tu_str_c(backup->instance));
	tu_json_member_int(&json, "at", backup->at);
	tu_json_member_str(&json, "engine", tu_str_c(backup->engine));
	tu_json_member_str(&json, "program", tu_str_c(backup->program));
	tu_json_member_int(&json, "migration", backup->migration);
	tu_json_member_str(&json, "migration-digest",
		tu_str_c(tu_store_migration_digest((unsigned)backup->migration)));
	write_ledger(&json, backup);
	tu_json_key(&json, "tables");
	tu_json_open_array(&json);
	for (size_t i = 0; i < tables->count; i++)
		write_table(&json, &tables->at[i]);
	tu_json_close_array(&json);
	tu_json_close_object(&json);
}

void tu_manifest_write_end(const int64_t *rows, size_t count, struct tu_buf *out)
{
	struct tu_json_writer json = tu_json_writer(out, false);

	tu_json_open_object(&json);
	tu_json_key(&json, "rows");
	tu_json_open_array(&json);
	for (size_t i = 0; i < count; i++)
		tu_json_add_int(&json, rows[i]);
	tu_json_close_array(&json);
	tu_json_close_object(&json);
}

/* ---- reading ---- */

static enum tu_status lacks(struct tu_error *err, const char *what)
{
	return tu_fail(err, TU_E_CORRUPT, 0, "its first block has no usable %s", what);
}

static bool is_hex(struct tu_str text, size_t digits)
{
	for (size_t i = 0; i < text.len; i++)
		if (tu_hex_value(text.ptr[i]) < 0 || tu_char_is_upper(text.ptr[i]))
			return false;
	return text.len == digits;
}

static bool read_number(struct tu_json value, int64_t *out)
{
	uint64_t number;

	if (!tu_json_u64(value, INT64_MAX, &number))
		return false;
	*out = (int64_t)number;
	return true;
}

static bool read_word(struct tu_json value, char *out, size_t size)
{
	struct tu_str text = tu_json_str(value);

	(void)snprintf(out, size, "%.*s", TU_STR_FMT(text));
	return text.len > 0 && text.len < size;
}

static enum tu_status check_schema(
	const struct tu_backup *backup, struct tu_str digest, struct tu_error *err)
{
	const char *own = backup->migration <= INT32_MAX
		? tu_store_migration_digest((unsigned)backup->migration)
		: NULL;

	if (own && tu_str_eq(digest, tu_str_c(own)))
		return TU_OK;
	return tu_fail(err, TU_E_UNSUPPORTED, 0,
		"the backup has migration %lld, which this program does not have%s; restore it with"
		" the program that made it (%s), or a newer one",
		(long long)backup->migration, own ? " in that form" : "", backup->program);
}

static enum tu_status read_columns(
	struct tu_arena *arena, struct tu_json list, struct tu_table *table, struct tu_error *err)
{
	struct tu_json_iter iter = tu_json_iter(list);
	struct tu_column *columns = tu_arena_array(arena, TU_COLUMNS_MAX, sizeof(*columns));
	struct tu_json pair, name, word;

	if (!columns)
		return tu_no_memory(err);
	for (; tu_json_next_item(&iter, &pair); table->column_count++) {
		struct tu_json_iter parts = tu_json_iter(pair);
		struct tu_column *column = &columns[table->column_count];

		if (table->column_count == TU_COLUMNS_MAX || !tu_json_next_item(&parts, &name) ||
			!tu_json_next_item(&parts, &word))
			return lacks(err, "list of columns");
		if (!tu_arena_dup(arena, tu_json_str(name), &column->name))
			return tu_no_memory(err);
		column->type = TU_VALUE_NULL;
		for (unsigned i = TU_VALUE_INT; i <= TU_VALUE_BLOB; i++)
			if (tu_str_eq(tu_json_str(word), tu_str_c(type_words[i])))
				column->type = (enum tu_value_type)i;
	}
	table->columns = columns;
	return TU_OK;
}

static enum tu_status read_tables(struct tu_arena *arena, struct tu_json list,
	struct tu_tables *out_tables, struct tu_error *err)
{
	struct tu_json_iter iter = tu_json_iter(list);
	struct tu_table *tables = tu_arena_array(arena, TU_TABLES_MAX, sizeof(*tables));
	struct tu_json value;
	size_t count = 0;
	enum tu_status status = TU_OK;

	if (!tables)
		return tu_no_memory(err);
	for (; !status && tu_json_next_item(&iter, &value); count++) {
		if (count == TU_TABLES_MAX)
			return lacks(err, "list of tables");
		tables[count] = (struct tu_table){0};
		if (!tu_arena_dup(arena, TU_JSON_STR(value, "name"), &tables[count].name))
			return tu_no_memory(err);
		status = read_columns(
			arena, tu_json_get(value, TU_STR("columns")), &tables[count], err);
	}
	*out_tables = (struct tu_tables){tables, count};
	return status;
}

static enum tu_status read_root(struct tu_arena *arena, struct tu_json root,
	struct tu_backup *backup, struct tu_tables *out_tables, struct tu_error *err)
{
	struct tu_json ledger = tu_json_get(root, TU_STR("ledger"));
	enum tu_status status;

	if (!read_word(tu_json_get(root, TU_STR("instance")), backup->instance,
		    sizeof(backup->instance)) ||
		!is_hex(tu_str_c(backup->instance), TU_INSTANCE))
		return lacks(err, "instance");
	if (!read_word(
		    tu_json_get(root, TU_STR("engine")), backup->engine, sizeof(backup->engine)) ||
		!read_word(tu_json_get(root, TU_STR("program")), backup->program,
			sizeof(backup->program)))
		return lacks(err, "engine and program");
	if (!read_number(tu_json_get(root, TU_STR("at")), &backup->at) ||
		!read_number(tu_json_get(root, TU_STR("migration")), &backup->migration))
		return lacks(err, "time and migration");
	if (!read_number(tu_json_get(ledger, TU_STR("n")), &backup->head) ||
		!tu_hex_read_lower(TU_JSON_STR(ledger, "hash"), backup->head_hash, TU_SHA256_BYTES))
		return lacks(err, "head of the ledger");
	status = check_schema(backup, TU_JSON_STR(root, "migration-digest"), err);
	return status ? status
		      : read_tables(arena, tu_json_get(root, TU_STR("tables")), out_tables, err);
}

static enum tu_status parse(struct tu_str text, struct tu_json_parser **out_parser,
	struct tu_json *out_root, struct tu_error *err)
{
	const struct tu_json_limits limits = {.bytes = 16 << 20, .depth = 8, .unique_keys = true};
	enum tu_status status;

	*out_parser = tu_json_parser_new();
	if (!*out_parser)
		return tu_no_memory(err);
	status = tu_json_parse(*out_parser, text, &limits, out_root, err);
	if (status && status != TU_E_NOMEM)
		status = tu_fail(err, TU_E_CORRUPT, 0, "what it says is no JSON");
	return status;
}

enum tu_status tu_manifest_read(struct tu_arena *arena, struct tu_str text,
	struct tu_backup *out_backup, struct tu_tables *out_tables, struct tu_error *err)
{
	struct tu_json_parser *parser;
	struct tu_json root;
	enum tu_status status = parse(text, &parser, &root, err);

	if (!status)
		status = read_root(arena, root, out_backup, out_tables, err);
	tu_json_parser_free(parser);
	return status;
}

enum tu_status tu_manifest_check_end(struct tu_str text, const struct tu_tables *tables,
	const int64_t *rows, struct tu_error *err)
{
	struct tu_json_parser *parser;
	struct tu_json root = {0}, value;
	enum tu_status status = parse(text, &parser, &root, err);
	struct tu_json_iter iter = tu_json_iter(tu_json_get(root, TU_STR("rows")));
	size_t i = 0;

	for (; !status && tu_json_next_item(&iter, &value); i++) {
		int64_t said;

		if (i >= tables->count || !read_number(value, &said) || said != rows[i])
			status = tu_fail(err, TU_E_CORRUPT, 0, "another number of rows is in it");
	}
	if (!status && i != tables->count)
		status = tu_fail(err, TU_E_CORRUPT, 0, "it counts other tables");
	tu_json_parser_free(parser);
	return status;
}
