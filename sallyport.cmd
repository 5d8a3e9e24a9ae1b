@echo off
node "%~dp0boot.mjs" cli %*
