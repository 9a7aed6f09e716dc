/*
 * Is the ledger the one that was written? Records are given one by one; the answer names the first
 * that is not as it was, and what is wrong, or says how far the trail is proven.
 *
 * The chain alone shows every change of a record and every record that was taken from the middle,
 * put in or moved. It cannot show what rewrites all that follows, nor that the end is missing:
 * checkpoints that were kept elsewhere (ledger/checkpoint.h) do.
 *
 * Pure functions; one thread at a time for a verifier.
 */
#ifndef TU_LEDGER_VERIFY_H
#define TU_LEDGER_VERIFY_H

#include <tutela/buf.h>
#include <tutela/error.h>
#include <tutela/str.h>

#include "base/sha256.h"
#include "ledger/chain.h"
#include "ledger/checkpoint.h"

struct tu_ledger_record {
	int64_t n; /* from 1, without a gap */
	int64_t at; /* us since 1970, UTC */
	struct tu_ledger_texts texts;
	uint8_t hash[TU_SHA256_BYTES]; /* as it is stated */
};

struct tu_ledger_head {
	int64_t n; /* 0: no record */
	uint8_t hash[TU_SHA256_BYTES]; /* zeros then */
};

/* The action of the record that says which database this is; its subject is "instance:" and the
 * digits. */
#define TU_LEDGER_BEGIN "ledger.begin"
#define TU_LEDGER_INSTANCE "instance:"

enum tu_ledger_fault {
	TU_LEDGER_SOUND,
	/* of the chain */
	TU_LEDGER_MISSING, /* a number is left out */
	TU_LEDGER_ORDER, /* a number comes twice, or after a higher one */
	TU_LEDGER_UNREADABLE, /* a line of a file is none that was written; the error says why */
	TU_LEDGER_HASH, /* the record and its hash do not belong together, or do not follow */
	TU_LEDGER_FOREIGN, /* the record says that it is of another database */
	TU_LEDGER_HEAD, /* the head names another last record than there is: the end is cut off */
	/* by checkpoints */
	TU_LEDGER_REWRITTEN, /* a checkpoint has another hash for a record */
	TU_LEDGER_SHORT, /* a checkpoint is of a record after the last: the end is cut off, or an
			    older database was restored */
	TU_LEDGER_OTHER_CHAIN, /* a checkpoint is of another database */
	TU_LEDGER_SIGNATURE, /* a checkpoint's signature does not hold */
	TU_LEDGER_UNKNOWN_KEY, /* a checkpoint is signed with a key that is not given */
	TU_LEDGER_FAULTS_
};

/* A word for programs, such as "missing". */
const char *tu_ledger_fault_name(enum tu_ledger_fault fault);

/* What the caller has from elsewhere. All may be empty. */
struct tu_ledger_trust {
	const struct tu_checkpoints *checkpoints; /* NULL: none */
	const struct tu_verifying_key *keys;
	size_t key_count;
};

struct tu_ledger_verdict {
	enum tu_ledger_fault fault;
	int64_t bad; /* the first bad record; of a fault of a checkpoint without a record: 0 */
	int64_t found; /* MISSING, ORDER, HEAD: the number that is there or is named */
	struct tu_checkpoint checkpoint; /* that shows the fault; n 0: none */
	int64_t records; /* 1 to this one are a chain */
	int64_t proven; /* 1 to this one are vouched for by checkpoints; 0: none */
	struct tu_error error; /* UNREADABLE: where and why */
};

struct tu_ledger_verifier {
	struct tu_str instance;
	struct tu_ledger_trust trust;
	size_t next; /* checkpoint */
	uint8_t hash[TU_SHA256_BYTES]; /* of the last record */
	struct tu_ledger_verdict verdict; /* so far */
	struct tu_ledger_verdict doubt; /* the first fault of a checkpoint itself */
};

/* `instance`: the database that the records are said to be of; borrowed, as is `trust`. */
void tu_ledger_verify_begin(struct tu_ledger_verifier *verifier, struct tu_str instance,
	const struct tu_ledger_trust *trust);
/* The next record. After a fault nothing counts any more: false. TU_E_NOMEM is a status of its
 * own. */
TU_NODISCARD enum tu_status tu_ledger_verify_add(struct tu_ledger_verifier *verifier,
	const struct tu_ledger_record *record, bool *out_more, struct tu_error *err);
/* In place of a record one that cannot be read: after the last one. */
void tu_ledger_verify_unreadable(struct tu_ledger_verifier *verifier, const struct tu_error *why);
/* There are no more. `head`: what else says which is the last; NULL: nothing. The verdict is in the
 * verifier. */
void tu_ledger_verify_end(struct tu_ledger_verifier *verifier, const struct tu_ledger_head *head);

/* Append the verdict for people, in sentences, without a line end. */
void tu_ledger_verdict_write(const struct tu_ledger_verdict *verdict, struct tu_buf *out);

#endif
