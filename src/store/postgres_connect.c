/* A connection to PostgreSQL and what is settled when it is made. */
#include <stdio.h>
#include <string.h>

#include "store/postgres.h"
#include "store/tables.h"

static void be_silent(void *self, const char *message)
{
	(void)self;
	(void)message;
}

static bool type_is_known(Oid type)
{
	return type == TU_OID_INT8 || type == TU_OID_TEXT || type == TU_OID_BYTEA;
}

/* `letter`: of an array (store/tables.h), or NUL. */
static bool parameter_is_known(Oid type, char letter)
{
	switch (letter) {
	case 'i':
		return type == TU_OID_INT8_ARRAY;
	case 't':
		return type == TU_OID_TEXT_ARRAY;
	case 'b':
		return type == TU_OID_BYTEA_ARRAY;
	default:
		return type_is_known(type);
	}
}

/* All values travel in binary, so every parameter and column must be of a type that we write and
 * read. */
static enum tu_status check_types(
	const struct tu_sql_text *row, const PGresult *result, struct tu_error *err)
{
	for (int i = 0; i < PQ(nparams)(result); i++)
		if (!parameter_is_known(
			    PQ(paramtype)(result, i), row->arrays ? row->arrays[i] : '\0'))
			return tu_fail(err, TU_E_UNSUPPORTED, 0,
				"statement %s: parameter $%d is of a type that is not used (%u)",
				row->name, i + 1, PQ(paramtype)(result, i));
	for (int i = 0; i < PQ(nfields)(result); i++)
		if (!type_is_known(PQ(ftype)(result, i)))
			return tu_fail(err, TU_E_UNSUPPORTED, 0,
				"statement %s: column %d is of a type that is not used (%u)",
				row->name, i + 1, PQ(ftype)(result, i));
	return TU_OK;
}

static enum tu_status receive_prepared(
	PGconn *pg, const struct tu_sql_text *row, struct tu_error *err)
{
	int64_t ignored = 0;
	enum tu_status status = tu_postgres__receive(pg, &ignored, err);
	PGresult *result = PQ(getResult)(pg); /* of the description */

	if (!status && PQ(resultStatus)(result) != PGRES_COMMAND_OK)
		status = tu_postgres__failed(pg, result, err);
	if (!status)
		status = check_types(row, result, err);
	while (result) {
		PQ(clear)(result);
		result = PQ(getResult)(pg);
	}
	return status ? tu_error_prefix(err, "statement %s", row->name) : TU_OK;
}

/* All in one pipeline: a connection is ready after one round trip. */
static enum tu_status prepare_all(PGconn *pg, struct tu_error *err)
{
	enum tu_status status = TU_OK, first;

	if (!PQ(enterPipelineMode)(pg))
		return tu_postgres__failed(pg, NULL, err);
	for (size_t i = 0; i < TU_SQL_COUNT_; i++) {
		const struct tu_sql_text *row = &tu_sql_texts[i];

		if (row->text[TU_STORE_POSTGRES] &&
			(!PQ(sendPrepare)(pg, row->name, row->text[TU_STORE_POSTGRES], 0, NULL) ||
				!PQ(sendDescribePrepared)(pg, row->name)))
			return tu_postgres__failed(pg, NULL, err);
	}
	if (!PQ(pipelineSync)(pg))
		return tu_postgres__failed(pg, NULL, err);
	for (size_t i = 0; i < TU_SQL_COUNT_; i++) {
		if (!tu_sql_texts[i].text[TU_STORE_POSTGRES])
			continue;
		first = receive_prepared(pg, &tu_sql_texts[i], status ? NULL : err);
		if (!status)
			status = first;
	}
	first = tu_postgres__receive_sync(pg, status ? NULL : err);
	(void)PQ(exitPipelineMode)(pg);
	return status ? status : first;
}

/* Texts are UTF-8 on both sides, whatever the database and the environment say. */
static enum tu_status speak_utf8(PGconn *pg, struct tu_error *err)
{
	const char *server = PQ(parameterStatus)(pg, "server_encoding");

	if (server && strcmp(server, "UTF8") != 0)
		return tu_fail(err, TU_E_UNSUPPORTED, 0,
			"the database's encoding is %s: create it with ENCODING 'UTF8'", server);
	return PQ(setClientEncoding)(pg, "UTF8") == 0 ? TU_OK : tu_postgres__failed(pg, NULL, err);
}

enum tu_status tu_postgres__connect(const struct postgres_store *store, const char *place,
	struct postgres_connection *c, struct tu_error *err)
{
	char settings[320];
	enum tu_status status;

	if (c->pg)
		tu_postgres__drop(c);
	c->pg = PQ(connectdb)(place);
	if (!c->pg)
		return tu_no_memory(err);
	if (PQ(status)(c->pg) != CONNECTION_OK)
		return tu_postgres__failed(c->pg, NULL, err);
	(void)PQ(setNoticeProcessor)(c->pg, be_silent, NULL);
	if (PQ(serverVersion)(c->pg) < 130000)
		return tu_fail(err, TU_E_UNSUPPORTED, 0, "PostgreSQL %d: at least 13 is needed",
			PQ(serverVersion)(c->pg) / 10000);
	status = speak_utf8(c->pg, err);
	if (status || store->pooler)
		return status;
	(void)snprintf(settings, sizeof(settings),
		"SET statement_timeout=%u; SET "
		"idle_in_transaction_session_timeout=%u; " TU_POSTGRES_SYNCHRONOUS("false"),
		store->timeout_ms, 4 * store->timeout_ms);
	status = tu_postgres__simple(c->pg, settings, err);
	return status || store->unprepared ? status : prepare_all(c->pg, err);
}
