#include <stdarg.h>
#include <stdio.h>

#include "base/json_writer.h"
#include "datadir/doctor.h"
#include "datadir/inside.h"
#include "store/migrate.h"

static const char *const states[] = {"fine", "warning", "error"};

const char *tu_doctor_state_name(enum tu_doctor_state state)
{
	return states[state];
}

void tu_doctor_add(struct tu_doctor *doctor, const char *check, struct tu_doctor_verdict verdict,
	const char *fmt, ...)
{
	struct tu_doctor_row *row = &doctor->rows[doctor->count];
	va_list args;

	if (doctor->count == TU_DOCTOR_ROWS)
		return;
	doctor->count++;
	row->check = check;
	row->state = verdict.state;
	row->advice = verdict.state == TU_DOCTOR_FINE ? "" : verdict.advice;
	va_start(args, fmt);
	(void)vsnprintf(row->found, sizeof(row->found), fmt, args);
	va_end(args);
}

/* Open it as it is: the doctor migrates nothing. */
static enum tu_status open_database(struct tu_doctor *doctor, struct tu_error *err)
{
	struct tu_store_options options = tu_datadir_options(doctor->dir);
	struct tu_migration_state state;
	struct tu_store *store;
	enum tu_status status = TU_OK;

	if (!tu_datadir__is_open(doctor->dir)) {
		status = tu_datadir__check_place(doctor->dir, err);
		if (!status)
			status = tu_store_migration_state(&options, &state, err);
		if (!status && state.applied < state.known) {
			tu_doctor_add(doctor, "migrations",
				tu_doctor_says(TU_DOCTOR_WARNING,
					"run any command that uses the folder: it makes a backup "
					"and "
					"migrates"),
				"migration %u of %u", state.applied, state.known);
			return tu_fail(
				err, TU_E_UNSUPPORTED, 0, "the database is older than the program");
		}
	}
	if (!status)
		status = tu_datadir_store(doctor->dir, &store, err);
	if (!status)
		tu_doctor_add(doctor, "migrations", tu_doctor_says(TU_DOCTOR_FINE, ""),
			"all %u are there", tu_store_migration_known());
	return status ? status : tu_store_begin(store, TU_TX_READ, &doctor->tx, err);
}

static void check_database(struct tu_doctor *doctor)
{
	static void (*const checks[])(struct tu_doctor *) = {tu_doctor__integrity,
		tu_doctor__ledger, tu_doctor__checkpoints, tu_doctor__clock,
		tu_doctor__intelligence, tu_doctor__dangling, tu_doctor__quarantine,
		tu_doctor__reports, tu_doctor__secrets, tu_doctor__backups};
	struct tu_error err = {0};

	if (open_database(doctor, &err)) {
		tu_doctor_add(doctor, "database",
			tu_doctor_says(TU_DOCTOR_ERROR,
				"if it is damaged or missing: restore the newest backup into "
				"another "
				"folder"),
			"cannot be opened: %s", err.message);
		return;
	}
	for (size_t i = 0; i < TU_COUNT(checks) && doctor->tx; i++)
		checks[i](doctor);
	doctor->has_database = doctor->tx != NULL;
	tu_tx_rollback(doctor->tx);
	doctor->tx = NULL;
}

enum tu_status tu_doctor_run(
	struct tu_datadir *dir, struct tu_doctor *out_doctor, struct tu_error *err)
{
	(void)err;
	*out_doctor = (struct tu_doctor){.dir = dir, .now = tu_datadir_now(dir)};
	tu_doctor__permissions(out_doctor);
	tu_doctor__disk(out_doctor);
	check_database(out_doctor);
	return TU_OK;
}

void tu_doctor_write(const struct tu_doctor *doctor, struct tu_buf *out)
{
	struct tu_json_writer json = tu_json_writer(out, false);
	int64_t counts[TU_DOCTOR_ERROR + 1] = {0};

	tu_json_open_object(&json);
	tu_json_key(&json, "checks");
	tu_json_open_array(&json);
	for (size_t i = 0; i < doctor->count; i++) {
		const struct tu_doctor_row *row = &doctor->rows[i];

		counts[row->state]++;
		tu_json_open_object(&json);
		tu_json_member_str(&json, "check", tu_str_c(row->check));
		tu_json_member_str(&json, "state", tu_str_c(tu_doctor_state_name(row->state)));
		tu_json_member_str(&json, "found", tu_str_c(row->found));
		tu_json_member_opt(&json, "advice", tu_str_c(row->advice));
		tu_json_close_object(&json);
	}
	tu_json_close_array(&json);
	tu_json_member_int(&json, "errors", counts[TU_DOCTOR_ERROR]);
	tu_json_member_int(&json, "warnings", counts[TU_DOCTOR_WARNING]);
	tu_json_close_object(&json);
}
