; NOT YET RUN ON WINDOWS. It is compiled in the tests, around a folder that stands for the program.
;   makensis -DVERSION=0.1.0 -DPROGRAM=dist\gantry-edge -DOUT=dist\gantry-edge-setup.exe packaging\windows\gantry-edge.nsi
; For the person who runs it, without administrator's rights. What the program keeps stays, unless its deletion is asked for.
Unicode true
ManifestDPIAware true
RequestExecutionLevel user
SetCompressor /SOLID lzma
!include MUI2.nsh

!define NAME "Gantry Edge"
!define UNINSTALL "Software\Microsoft\Windows\CurrentVersion\Uninstall\gantry-edge"
!define DATA "$LOCALAPPDATA\gantry-edge"  ; where platformdirs puts it

Name "${NAME}"
OutFile "${OUT}"
InstallDir "$LOCALAPPDATA\Programs\Gantry Edge"
InstallDirRegKey HKCU "${UNINSTALL}" "InstallLocation"

!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!define MUI_FINISHPAGE_RUN "$INSTDIR\gantry-edge.exe"
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "English"
!insertmacro MUI_LANGUAGE "German"

LangString ALSO_DATA ${LANG_ENGLISH} "Delete what Gantry Edge keeps as well: accounts, conversations, documents, backups?"
LangString ALSO_DATA ${LANG_GERMAN} "Auch löschen, was Gantry Edge aufbewahrt: Konten, Gespräche, Dokumente, Sicherungen?"

; Windows does not let go of the files of a program that runs.
!macro StopRunning
  IfFileExists "$INSTDIR\gantry-edge.exe" 0 +2
    nsExec::Exec '"$INSTDIR\gantry-edge.exe" stop'
!macroend

Section
  !insertmacro StopRunning
  ; an earlier version's libraries would be found by this one
  RMDir /r "$INSTDIR\_internal"
  SetOutPath "$INSTDIR"
  File /r "${PROGRAM}\*"
  WriteUninstaller "$INSTDIR\uninstall.exe"
  CreateShortcut "$SMPROGRAMS\${NAME}.lnk" "$INSTDIR\gantry-edge.exe"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayName" "${NAME}"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayIcon" "$INSTDIR\gantry-edge.exe"
  WriteRegStr HKCU "${UNINSTALL}" "InstallLocation" "$INSTDIR"
  WriteRegStr HKCU "${UNINSTALL}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegStr HKCU "${UNINSTALL}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
  WriteRegDWORD HKCU "${UNINSTALL}" "NoModify" 1
  WriteRegDWORD HKCU "${UNINSTALL}" "NoRepair" 1
SectionEnd

Section "Uninstall"
  !insertmacro StopRunning
  nsExec::Exec '"$INSTDIR\gantry-edge.exe" service uninstall'
  RMDir /r "$INSTDIR\_internal"
  Delete "$INSTDIR\gantry-edge.exe"
  Delete "$INSTDIR\uninstall.exe"
  RMDir "$INSTDIR"
  Delete "$SMPROGRAMS\${NAME}.lnk"
  DeleteRegKey HKCU "${UNINSTALL}"
  MessageBox MB_YESNO|MB_ICONQUESTION|MB_DEFBUTTON2 "$(ALSO_DATA)" /SD IDNO IDNO keep
    RMDir /r "${DATA}"
  keep:
SectionEnd
