/*
 * SQLite, loaded when a store is opened.
 */
#ifndef TU_STORE_SQLITE_LIBRARY_H
#define TU_STORE_SQLITE_LIBRARY_H

#include <sqlite3.h>

#include "base/library.h"

#define TU_SQLITE_SONAME "libsqlite3.so.0"

#define TU_SQLITE_FUNCTIONS(X) \
	X(sqlite3_backup_finish) \
	X(sqlite3_backup_init) \
	X(sqlite3_backup_pagecount) \
	X(sqlite3_backup_remaining) \
	X(sqlite3_backup_step) \
	X(sqlite3_bind_blob64) \
	X(sqlite3_bind_int64) \
	X(sqlite3_bind_null) \
	X(sqlite3_bind_parameter_count) \
	X(sqlite3_bind_parameter_name) \
	X(sqlite3_bind_text64) \
	X(sqlite3_busy_timeout) \
	X(sqlite3_changes64) \
	X(sqlite3_clear_bindings) \
	X(sqlite3_close_v2) \
	X(sqlite3_column_blob) \
	X(sqlite3_column_bytes) \
	X(sqlite3_column_int64) \
	X(sqlite3_column_type) \
	X(sqlite3_db_config) \
	X(sqlite3_errmsg) \
	X(sqlite3_exec) \
	X(sqlite3_extended_errcode) \
	X(sqlite3_finalize) \
	X(sqlite3_get_autocommit) \
	X(sqlite3_open_v2) \
	X(sqlite3_prepare_v3) \
	X(sqlite3_progress_handler) \
	X(sqlite3_reset) \
	X(sqlite3_step) \
	X(sqlite3_stmt_readonly) \
	X(sqlite3_system_errno)

struct tu_sqlite {
	TU_SQLITE_FUNCTIONS(TU_LIBRARY_MEMBER)
};

/* NULL: SQLite is not installed. Any thread. */
const struct tu_sqlite *tu_sqlite(void);

#endif
