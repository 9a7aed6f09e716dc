/*
 * The log of the signing process: what was signed, when, for whom; a line for each signature,
 * written before it is given out. Its lines are records of a chain as the ledger's
 * (ledger/export.h, without the first line): actor is for whom, action "sign", subject the purpose,
 * body the digest of the text and the key.
 */
#ifndef TU_SIGN_LOG_H
#define TU_SIGN_LOG_H

#include "ledger/verify.h"
#include "sign/purpose.h"

struct tu_sign_log {
	int fd; /* -1: closed */
	struct tu_ledger_head head;
};

struct tu_sign_entry {
	int64_t at; /* us since 1970, UTC, as whoever asked says */
	struct tu_str who;
	enum tu_sign_purpose purpose;
	struct tu_str payload;
	struct tu_str key_id;
};

/* Open "sign.log" in the folder for appending, made where it is missing. A line that a crash cut is
 * taken away: its signature was not given out. TU_E_BUSY: another process has it; TU_E_CORRUPT: its
 * last line is no record; TU_E_IO. */
TU_NODISCARD enum tu_status tu_sign__log_open(
	const char *folder, struct tu_sign_log *out_log, struct tu_error *err);
/* Append a line; it is on the disk. TU_E_IO: nothing may be signed. */
TU_NODISCARD enum tu_status tu_sign__log_add(
	struct tu_sign_log *log, const struct tu_sign_entry *entry, struct tu_error *err);
void tu_sign__log_close(struct tu_sign_log *log);

/* Verify the text of a log: the verdict as of a ledger without a head. TU_E_NOMEM. */
TU_NODISCARD enum tu_status tu_sign_log_verify(
	struct tu_str text, struct tu_ledger_verdict *out_verdict, struct tu_error *err);

#endif
