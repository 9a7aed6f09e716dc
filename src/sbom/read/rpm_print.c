/* What librpm says of a database, as text. */
#include "sbom/read/rpm_db.h"

#include <stdio.h>

#ifdef TU_WITH_RPM

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <rpm/header.h>
#include <rpm/rpmdb.h>
#include <rpm/rpmlib.h>
#include <rpm/rpmlog.h>
#include <rpm/rpmmacro.h>
#include <rpm/rpmtag.h>
#include <rpm/rpmtd.h>
#include <rpm/rpmts.h>

#include <tutela/str.h>

#include "base/library.h"

enum { VALUE_MAX = 64 * 1024 };

/* ---- the library ---- */

/* The functions that are used, with the types that the headers give them. */
#define FUNCTIONS(X) \
	X(headerGet) \
	X(headerGetNumber) \
	X(headerGetString) \
	X(headerIsEntry) \
	X(rpmPushMacro) \
	X(rpmdbFreeIterator) \
	X(rpmdbNextIterator) \
	X(rpmlogRecMessage) \
	X(rpmlogRecPriority) \
	X(rpmlogSetCallback) \
	X(rpmtdFree) \
	X(rpmtdFreeData) \
	X(rpmtdNew) \
	X(rpmtdNextString) \
	X(rpmtsCreate) \
	X(rpmtsInitIterator) \
	X(rpmtsOpenDB) \
	X(rpmtsSetRootDir) \
	X(rpmtsSetVSFlags)

struct librpm {
	FUNCTIONS(TU_LIBRARY_MEMBER)
};

/* By the names of their interfaces: those of 4.15 to 4.20, and of 6. */
TU_LIBRARY(library, struct librpm, FUNCTIONS, "librpm.so.9", "librpm.so.10");

TU_LIBRARY_NOTE("rpm", "package databases of rpm in root file systems", "suggested",
	TU_LIBRARY_QUOTED("librpm.so.9") "," TU_LIBRARY_QUOTED("librpm.so.10"));

/* ---- what it complains of ---- */

struct complaints {
	const struct librpm *rpm;
	size_t count;
	char *why;
};

/* In place of librpm's own printing. */
static int keep_complaint(rpmlogRec record, rpmlogCallbackData data)
{
	struct complaints *complaints = data;
	const char *text;

	if (complaints->rpm->rpmlogRecPriority(record) > RPMLOG_ERR)
		return 0;
	text = complaints->rpm->rpmlogRecMessage(record);
	/* The first one is the cause. */
	if (complaints->count++ == 0 && text)
		(void)snprintf(complaints->why, TU_SBOM_RPM_WHY_MAX, "%s", text);
	return 0;
}

/* ---- one package ---- */

/* One line has one value, whatever is in it. */
static void put_text(struct tu_buf *to, const char *text, size_t max)
{
	for (size_t i = 0; i < max && text[i]; i++)
		tu_buf_byte(to, (unsigned char)text[i] < ' ' || text[i] == 0x7f ? ' ' : text[i]);
}

static void put_string(
	const struct librpm *rpm, struct tu_buf *to, Header header, const char *key, rpmTagVal tag)
{
	const char *text = rpm->headerGetString(header, tag);

	if (!text || !*text)
		return;
	tu_buf_printf(to, "%s: ", key);
	put_text(to, text, VALUE_MAX);
	tu_buf_byte(to, '\n');
}

/* The names of a list with spaces between them. Conditions ("(foo if bar)") become one word, and
 * what rpm itself must be able to do is no package. */
static void put_names(
	const struct librpm *rpm, struct tu_buf *to, Header header, const char *key, rpmTagVal tag)
{
	rpmtd names_of = rpm->rpmtdNew();
	const char *name;

	tu_buf_printf(to, "%s:", key);
	if (names_of && rpm->headerGet(header, tag, names_of, HEADERGET_MINMEM)) {
		while ((name = rpm->rpmtdNextString(names_of)) != NULL) {
			if (strncmp(name, "rpmlib(", 7) == 0)
				continue;
			tu_buf_byte(to, ' ');
			put_text(to, name, strcspn(name, " "));
		}
		rpm->rpmtdFreeData(names_of);
	}
	(void)rpm->rpmtdFree(names_of);
	tu_buf_byte(to, '\n');
}

static void put_version(const struct librpm *rpm, struct tu_buf *to, Header header)
{
	const char *version = rpm->headerGetString(header, RPMTAG_VERSION);
	const char *release = rpm->headerGetString(header, RPMTAG_RELEASE);
	uint64_t epoch = 0;

	if (rpm->headerIsEntry(header, RPMTAG_EPOCH))
		epoch = rpm->headerGetNumber(header, RPMTAG_EPOCH);
	if (epoch)
		tu_buf_printf(to, "Epoch: %llu\n", (unsigned long long)epoch);
	if (!version)
		return;
	tu_buf_str_add(to, TU_STR("Version: "));
	put_text(to, version, VALUE_MAX);
	if (release && *release) {
		tu_buf_byte(to, '-');
		put_text(to, release, VALUE_MAX);
	}
	tu_buf_byte(to, '\n');
}

/* Keys that a person trusts are kept as packages, which nobody installed. */
static bool is_key(const struct librpm *rpm, Header header)
{
	const char *name = rpm->headerGetString(header, RPMTAG_NAME);

	return name && strcmp(name, "gpg-pubkey") == 0;
}

static void put_package(const struct librpm *rpm, struct tu_buf *to, Header header)
{
	put_string(rpm, to, header, "Name", RPMTAG_NAME);
	put_version(rpm, to, header);
	put_string(rpm, to, header, "Arch", RPMTAG_ARCH);
	put_string(rpm, to, header, "Source", RPMTAG_SOURCERPM);
	put_string(rpm, to, header, "Vendor", RPMTAG_VENDOR);
	put_string(rpm, to, header, "License", RPMTAG_LICENSE);
	put_string(rpm, to, header, "Module", RPMTAG_MODULARITYLABEL);
	put_names(rpm, to, header, "Requires", RPMTAG_REQUIRENAME);
	put_names(rpm, to, header, "Provides", RPMTAG_PROVIDENAME);
	tu_buf_byte(to, '\n');
}

/* ---- the database ---- */

/* The only settings there are: those of this machine are never read. */
static bool set_macros(
	const struct librpm *rpm, const struct tu_sbom_rpm_form *form, const char *folder)
{
	char lock[512];
	const char *const macros[][2] = {{"_dbpath", folder}, {"_db_backend", form->backend},
		{"_keyringpath", folder}, {"_rpmlock_path", lock}};
	bool good = snprintf(lock, sizeof(lock), "%s/.rpm.lock", folder) < (int)sizeof(lock);

	for (size_t i = 0; good && i < TU_COUNT(macros); i++)
		good = rpm->rpmPushMacro(NULL, macros[i][0], NULL, macros[i][1], RMIL_CMDLINE) == 0;
	return good;
}

/* NULL: it cannot be opened. */
static rpmdbMatchIterator open_database(const struct librpm *rpm)
{
	rpmts transaction = rpm->rpmtsCreate();

	if (!transaction || rpm->rpmtsSetRootDir(transaction, "/") != 0)
		return NULL;
	/* Signatures belong to whoever installs; form and sizes are checked in any case. */
	(void)rpm->rpmtsSetVSFlags(
		transaction, RPMVSF_NOHDRCHK | RPMVSF_MASK_NODIGESTS | RPMVSF_MASK_NOSIGNATURES);
	if (rpm->rpmtsOpenDB(transaction, 0 /* O_RDONLY */) != 0)
		return NULL;
	return rpm->rpmtsInitIterator(transaction, RPMDBI_PACKAGES, NULL, 0);
}

static enum tu_sbom_rpm_outcome give_up(char *why, const char *text)
{
	if (!why[0])
		(void)snprintf(why, TU_SBOM_RPM_WHY_MAX, "%s", text);
	return TU_SBOM_RPM_UNREAD;
}

enum tu_sbom_rpm_outcome tu_sbom__rpm_print(const struct tu_sbom_rpm_form *form, const char *folder,
	struct tu_buf *out, char why[TU_SBOM_RPM_WHY_MAX])
{
	const struct librpm *rpm = tu_library(&library);
	struct complaints complaints = {rpm, 0, why};
	rpmdbMatchIterator iterator;
	size_t count = 0;
	Header header;

	if (!rpm)
		return give_up(why, "librpm, which reads it, is not installed");
	(void)rpm->rpmlogSetCallback(keep_complaint, &complaints);
	iterator = set_macros(rpm, form, folder) ? open_database(rpm) : NULL;
	if (!iterator)
		return give_up(why, "librpm cannot open it");
	for (; (header = rpm->rpmdbNextIterator(iterator)) != NULL; count++) {
		if (!is_key(rpm, header))
			put_package(rpm, out, header);
	}
	(void)rpm->rpmdbFreeIterator(iterator);
	if (count == 0)
		return give_up(why, "librpm finds no package in it, or does not know its form");
	return complaints.count ? TU_SBOM_RPM_IN_PART : TU_SBOM_RPM_READ;
}

#else

enum tu_sbom_rpm_outcome tu_sbom__rpm_print(const struct tu_sbom_rpm_form *form, const char *folder,
	struct tu_buf *out, char why[TU_SBOM_RPM_WHY_MAX])
{
	(void)form;
	(void)folder;
	(void)out;
	(void)snprintf(why, TU_SBOM_RPM_WHY_MAX, "this build does not know librpm, which reads it");
	return TU_SBOM_RPM_UNREAD;
}

#endif
