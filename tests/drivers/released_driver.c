/*
 * Starts from the dump of an earlier release: the schema and the rows that it had, then the
 * migrations since, interrupted after every statement before they are let through.
 *
 * usage: released_driver DUMP PLACE     PLACE is empty. Prints "name value" lines:
 *     from, to         numbers of migrations
 *     interrupted      how often
 *     records, rows    of the dump; each record of the ledger is there and fits the one before
 */
#define _XOPEN_SOURCE 700 /* for O_CLOEXEC */
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "datadir/backup.h"
#include "store/fault.h"
#include "store/migrate.h"

enum { AT = 1000000 };

static enum tu_status expect_applied(
	const struct tu_store_options *place, int64_t wanted, struct tu_error *err)
{
	struct tu_migration_state state;
	enum tu_status status = tu_store_migration_state(place, &state, err);

	if (!status && state.applied != wanted)
		return tu_fail(err, TU_E_CORRUPT, 0, "it has migration %u and not %lld",
			state.applied, (long long)wanted);
	return status;
}

/* Whichever step fails, the database is as it was; the run in which none does completes. */
static enum tu_status migrate(const struct tu_store_options *place, int64_t from,
	unsigned *out_interrupted, struct tu_error *err)
{
	struct tu_migration_state state;
	enum tu_status status = TU_E_IO;

	*out_interrupted = 0;
	for (size_t nth = 1; status == TU_E_IO; nth++) {
		tu_store_fault_set(nth);
		status = tu_store_migrate(place, AT, &state, err);
		tu_store_fault_set(0);
		if (status == TU_E_IO) {
			++*out_interrupted;
			if (expect_applied(place, from, err))
				return err->status;
		}
	}
	return status ? status : expect_applied(place, tu_store_migration_known(), err);
}

static enum tu_status follow_ledger(struct tu_tx *tx, void *self, struct tu_error *err)
{
	return tu_chain_check(tx, self, err);
}

/* Opening prepares every statement of the program. */
static enum tu_status check(const struct tu_store_options *place, const struct tu_backup *dump,
	int64_t *out_records, struct tu_error *err)
{
	struct tu_store *store;
	enum tu_status status = tu_store_open(place, &store, err);

	if (status)
		return status;
	status = tu_store_run(store, TU_TX_READ, follow_ledger, out_records, err);
	tu_store_close(store);
	return status || *out_records == dump->head
		? status
		: tu_fail(err, TU_E_CORRUPT, 0, "the ledger has %lld records of %lld",
			  (long long)*out_records, (long long)dump->head);
}

int main(int argc, char **argv)
{
	const struct tu_store_options place = {
		.place = argc == 3 ? argv[2] : NULL, .connections = 1};
	struct tu_error err = {0};
	struct tu_backup dump;
	unsigned interrupted = 0;
	int64_t records = 0;
	int fd = argc == 3 ? open(argv[1], O_RDONLY | O_CLOEXEC) : -1;
	enum tu_status status;

	if (fd < 0) {
		fprintf(stderr, "usage: released_driver DUMP PLACE\n");
		return 2;
	}
	status = tu_backup_load(fd, &place, &dump, &err);
	if (!status)
		status = expect_applied(&place, dump.migration, &err);
	if (!status)
		status = migrate(&place, dump.migration, &interrupted, &err);
	if (!status)
		status = check(&place, &dump, &records, &err);
	(void)close(fd);
	if (status) {
		fprintf(stderr, "%s: %s\n", argv[1], err.message);
		return 1;
	}
	printf("from %lld\nto %u\ninterrupted %u\nrecords %lld\nrows %lld\n",
		(long long)dump.migration, tu_store_migration_known(), interrupted,
		(long long)records, (long long)dump.rows);
	return 0;
}
