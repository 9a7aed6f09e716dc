/* The ledger's chain in the database. */
#include "audit/trail.h"
#include "datadir/backup.h"

enum { SENTENCES = 2000 };

static enum tu_status refuse(const struct tu_ledger_verdict *verdict, struct tu_error *err)
{
	struct tu_buf why;

	tu_buf_init(&why, SENTENCES);
	tu_ledger_verdict_write(verdict, &why);
	(void)tu_fail(err, TU_E_CORRUPT, 0, "the ledger is not the one that was written: %.*s",
		TU_STR_FMT(tu_buf_str(&why)));
	tu_buf_done(&why);
	return TU_E_CORRUPT;
}

enum tu_status tu_chain_check(struct tu_tx *tx, int64_t *out_records, struct tu_error *err)
{
	const struct tu_ledger_trust none = {0};
	struct tu_ledger_verdict verdict;
	enum tu_status status = tu_audit_verify_in(tx, &none, &verdict, err);

	*out_records = status ? 0 : verdict.records;
	return status || verdict.fault == TU_LEDGER_SOUND ? status : refuse(&verdict, err);
}
