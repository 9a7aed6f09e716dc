/* Checks of the folder's files. */
#define _XOPEN_SOURCE 700
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "datadir/doctor.h"
#include "datadir/inside.h"

enum { MIB = 1 << 20, LOW = 1024, TOO_LOW = 100, PERCENT_LOW = 5 };

struct walk {
	char first[TU_PATH_MAX]; /* that is not as it should be */
	size_t open, secret, foreign; /* readable by others; of them in keys/; of another owner */
};

static void look_at(struct walk *walk, const char *path, bool is_key)
{
	struct stat info;
	bool is_open, is_foreign;

	if (lstat(path, &info) || S_ISLNK(info.st_mode))
		return;
	is_open = (info.st_mode & 077) != 0;
	is_foreign = info.st_uid != geteuid();
	walk->open += is_open;
	walk->secret += is_open && is_key;
	walk->foreign += is_foreign;
	if ((is_open || is_foreign) && !walk->first[0])
		(void)snprintf(walk->first, sizeof(walk->first), "%s", path);
}

static void look_into(struct walk *walk, const char *folder, bool is_key)
{
	DIR *open = opendir(folder);
	char path[TU_PATH_MAX];

	look_at(walk, folder, is_key);
	if (!open)
		return;
	for (const struct dirent *entry = readdir(open); entry; entry = readdir(open))
		if (entry->d_name[0] != '.' && tu_datadir__join(folder, entry->d_name, path))
			look_at(walk, path, is_key);
	(void)closedir(open);
}

void tu_doctor__permissions(struct tu_doctor *doctor)
{
	static const char *const folders[] = {"keys", "backups"};
	struct walk walk = {.open = 0};
	char path[TU_PATH_MAX];

	if (doctor->dir->lock < 0)
		return;
	look_into(&walk, doctor->dir->path, false);
	for (size_t i = 0; i < TU_COUNT(folders); i++)
		if (tu_datadir__join(doctor->dir->path, folders[i], path))
			look_into(&walk, path, i == 0);
	if (walk.secret || walk.foreign)
		tu_doctor_add(doctor, "permissions",
			tu_doctor_says(TU_DOCTOR_ERROR,
				"give the files to the user that runs tutela, and take all rights "
				"from "
				"others:"
				" chmod -R go= FOLDER; replace keys that others could read"),
			"others may read %zu files, %zu of them keys; %zu belong to another user; "
			"the"
			" first is %.200s",
			walk.open, walk.secret, walk.foreign, walk.first);
	else if (walk.open)
		tu_doctor_add(doctor, "permissions",
			tu_doctor_says(TU_DOCTOR_WARNING,
				"take all rights from others: chmod -R go= FOLDER"),
			"others have rights on %zu files; the first is %.200s", walk.open,
			walk.first);
	else
		tu_doctor_add(doctor, "permissions", tu_doctor_says(TU_DOCTOR_FINE, ""),
			"its owner alone may read it");
}

void tu_doctor__disk(struct tu_doctor *doctor)
{
	struct statvfs info;
	unsigned long long mib, percent;
	bool low, too_low;

	if (doctor->dir->lock < 0)
		return;
	if (statvfs(doctor->dir->path, &info)) {
		tu_doctor_add(doctor, "disk",
			tu_doctor_says(TU_DOCTOR_ERROR, "look at the file system"),
			"cannot be asked: %s", strerror(errno));
		return;
	}
	mib = (unsigned long long)info.f_bavail * info.f_frsize / MIB;
	percent = info.f_blocks ? 100ULL * info.f_bavail / info.f_blocks : 0;
	too_low = mib < TOO_LOW;
	low = mib < LOW && percent < PERCENT_LOW;
	tu_doctor_add(doctor, "disk",
		tu_doctor_says(too_low ? TU_DOCTOR_ERROR
				: low  ? TU_DOCTOR_WARNING
				       : TU_DOCTOR_FINE,
			"make room, or move the folder to a larger file system"),
		"%llu MiB (%llu %%) are free", mib, percent);
}
