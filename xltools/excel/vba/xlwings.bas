Attribute VB_Name = "xlwings"
Option Explicit
'RunPython of xlwings 0.37.8 (xlwings_custom_addin.bas), for Excel on Windows, cut down for xltools.
'
'Changed from the original:
'* Settings are read from one file, %USERPROFILE%\.xltools\xltools.conf. A sheet or a file beside the
'  workbook cannot set the interpreter: a workbook that came by mail must not choose what is run.
'* The workbook's folder never goes onto Python's path (ADD_WORKBOOK_TO_PYTHONPATH does not exist),
'  and -P keeps the current folder off it, so that a stray xltools.py is never imported.
'* The arguments for Book.caller() are the original ones: --wb --from_xl --app --hwnd.
'* Left out: functions in cells, the DLL, embedded code, conda, macOS, writing of settings.
'* Failures are returned as text instead of being shown.
'
'xlwings is distributed under a BSD 3-clause license.
'
'Copyright (C) 2014-present, Zoomer Analytics LLC.
'All rights reserved.
'
'Redistribution and use in source and binary forms, with or without modification,
'are permitted provided that the following conditions are met:
'
'* Redistributions of source code must retain the above copyright notice, this
'  list of conditions and the following disclaimer.
'
'* Redistributions in binary form must reproduce the above copyright notice, this
'  list of conditions and the following disclaimer in the documentation and/or
'  other materials provided with the distribution.
'
'* Neither the name of the copyright holder nor the names of its
'  contributors may be used to endorse or promote products derived from
'  this software without specific prior written permission.
'
'THIS SOFTWARE IS PROVIDED BY THE COPYRIGHT HOLDERS AND CONTRIBUTORS "AS IS" AND
'ANY EXPRESS OR IMPLIED WARRANTIES, INCLUDING, BUT NOT LIMITED TO, THE IMPLIED
'WARRANTIES OF MERCHANTABILITY AND FITNESS FOR A PARTICULAR PURPOSE ARE
'DISCLAIMED. IN NO EVENT SHALL THE COPYRIGHT HOLDER OR CONTRIBUTORS BE LIABLE FOR
'ANY DIRECT, INDIRECT, INCIDENTAL, SPECIAL, EXEMPLARY, OR CONSEQUENTIAL DAMAGES
'(INCLUDING, BUT NOT LIMITED TO, PROCUREMENT OF SUBSTITUTE GOODS OR SERVICES;
'LOSS OF USE, DATA, OR PROFITS; OR BUSINESS INTERRUPTION) HOWEVER CAUSED AND ON
'ANY THEORY OF LIABILITY, WHETHER IN CONTRACT, STRICT LIABILITY, OR TORT
'(INCLUDING NEGLIGENCE OR OTHERWISE) ARISING IN ANY WAY OUT OF THE USE OF THIS
'SOFTWARE, EVEN IF ADVISED OF THE POSSIBILITY OF SUCH DAMAGE.

' "" when Python ran and said what it had to say itself, else what went wrong.
Public Function RunPython(ByVal PythonCommand As String) As String
    Dim LogFile As String
    LogFile = Environ("Temp") & "\xltools-" & CreateGUID() & ".log"
    If WScript.Run(CommandLine(Interpreter(), PythonCommand, ActiveWorkbook.Name, _
                   Application.Path & "\" & Application.Name, CStr(Application.Hwnd), LogFile), 0, True) <> 0 Then
        RunPython = ReadFile(LogFile)
        If RunPython = "" Then RunPython = "python.exe"
    End If
    On Error Resume Next
    Kill LogFile
    On Error GoTo 0
End Function

' The full path of python.exe, "" when the setting is missing or the file is not there.
Public Function Interpreter() As String
    Dim Found As String
    Found = GetConfig("INTERPRETER_WIN")
    If Found <> "" Then Found = ExpandEnvironmentStrings(Found)
    If InStr(Found, "\") > 0 Then
        If FileExists(Found) Then Interpreter = Found
    End If
End Function

' Change to the folder of the interpreter first: otherwise pywintypesXX.dll may not be found.
' "pushd" mounts a UNC path for the time of the call.
Public Function CommandLine(ByVal PythonWin As String, ByVal PythonCommand As String, ByVal BookName As String, _
                            ByVal AppName As String, ByVal WindowHandle As String, ByVal LogFile As String) As String
    Dim Q As String, DriveCommand As String
    Q = Chr(34)
    If Left(PythonWin, 2) = "\\" Then
        DriveCommand = "pushd " & Q & ParentFolder(PythonWin) & Q & " & "
    Else
        DriveCommand = Left(PythonWin, 2) & " & cd " & Q & ParentFolder(PythonWin) & Q & " & "
    End If
    CommandLine = "cmd.exe /C " & DriveCommand & Q & PythonWin & Q & " -B -P -c " & Q & PythonCommand & Q & _
                  " --wb=" & Q & BookName & Q & " --from_xl=1" & _
                  " --app=" & Q & AppName & Q & _
                  " --hwnd=" & Q & WindowHandle & Q & _
                  " 2> " & Q & LogFile & Q
End Function

Private Function GetConfig(ByVal Key As String) As String
    ' Based on http://peltiertech.com/save-retrieve-information-text-files/
    Dim FileNumber As Integer, SettingName As String, SettingValue As String, Path As String
    Path = Environ("USERPROFILE") & "\.xltools\xltools.conf"
    If Not FileExists(Path) Then Exit Function
    FileNumber = FreeFile
    Open Path For Input As FileNumber
    Do While Not EOF(FileNumber)
        Input #FileNumber, SettingName, SettingValue
        If LCase(SettingName) = LCase(Key) Then
            GetConfig = SettingValue
            Exit Do
        End If
    Loop
    Close #FileNumber
End Function

Private Function WScript() As Object
    Static Value As Object
    If Value Is Nothing Then Set Value = CreateObject("WScript.Shell")
    Set WScript = Value
End Function

Private Function ExpandEnvironmentStrings(ByVal Text As String) As String
    ExpandEnvironmentStrings = WScript.ExpandEnvironmentStrings(Text)
End Function

Private Function FileExists(ByVal FileSpec As String) As Boolean
    ' by Karl Peterson MS MVP VB
    Dim Attr As Long
    On Error Resume Next
    Attr = GetAttr(FileSpec)
    If Err.Number = 0 Then FileExists = Not ((Attr And vbDirectory) = vbDirectory)
    On Error GoTo 0
End Function

Public Function ParentFolder(ByVal Path As String) As String
    ParentFolder = Left(Path, InStrRev(Path, "\") - 1)
End Function

Private Function ReadFile(ByVal Path As String) As String
    Dim FileNumber As Integer, Token As String
    If Not FileExists(Path) Then Exit Function
    FileNumber = FreeFile
    Open Path For Input As #FileNumber
    Do While Not EOF(FileNumber)
        Line Input #FileNumber, Token
        ReadFile = ReadFile & Token & vbCrLf
    Loop
    Close #FileNumber
End Function

Private Function CreateGUID() As String
    Randomize Timer() + Application.Hwnd
    ' https://stackoverflow.com/a/46474125/918626
    Do While Len(CreateGUID) < 32
        CreateGUID = CreateGUID & Hex$(CInt(Rnd * 15))
    Loop
End Function
