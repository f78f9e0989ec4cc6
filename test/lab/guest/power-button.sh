#!/bin/sh
echo POWERBTN >/dev/console
sync
poweroff -f
