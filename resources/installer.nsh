; What the installer for Windows does besides its own: "Verifica firma" for PDF and p7m files, without taking the place
; of the program that opens them. SHELL_CONTEXT is the user's or the machine's part of the registry, as was chosen.

!macro sportelloVerifica EXTENSION
  WriteRegStr SHELL_CONTEXT "Software\Classes\SystemFileAssociations\${EXTENSION}\shell\SportelloLRA.Verifica" "" "Verifica firma con Sportello LRA"
  WriteRegStr SHELL_CONTEXT "Software\Classes\SystemFileAssociations\${EXTENSION}\shell\SportelloLRA.Verifica" "Icon" "$INSTDIR\sportello-lra.exe,0"
  WriteRegStr SHELL_CONTEXT "Software\Classes\SystemFileAssociations\${EXTENSION}\shell\SportelloLRA.Verifica\command" "" '"$INSTDIR\sportello-lra.exe" "%1"'
!macroend

!macro customInstall
  !insertmacro sportelloVerifica ".pdf"
  !insertmacro sportelloVerifica ".p7m"
!macroend

!macro customUnInstall
  DeleteRegKey SHELL_CONTEXT "Software\Classes\SystemFileAssociations\.pdf\shell\SportelloLRA.Verifica"
  DeleteRegKey SHELL_CONTEXT "Software\Classes\SystemFileAssociations\.p7m\shell\SportelloLRA.Verifica"
!macroend
